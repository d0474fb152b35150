import { decide, type Vector as HostVector, scaledErrors, type Tolerance } from "../native/index.js";
import {
  requireAccumulate,
  requireLength,
  requireLimits,
  requireRange,
  requireSameOrApart,
} from "./arguments.js";
import type {
  Accumulate,
  Backend,
  BasisElement,
  Coefficient,
  Combination,
  Correction,
  Dtype,
  Measure,
  SourceRows,
  TargetRows,
  Term,
  Vector,
} from "./backend.js";
import type { CudaBinding, CudaMemory } from "./cuda-binding.js";
import { bytesOf, precision, rowsOf, runsOf } from "./cuda-layout.js";
import { CudaVector } from "./cuda-vector.js";
import { hostDtype, isHostVector } from "./host.js";

const none = new Float64Array(0);

/**
 * A card: vectors live in its memory, operations are queued on its stream and return at once but for those that hand
 * numbers to the host (gram, correctInTurn, absoluteQuantile, firstNonFinite, read).
 */
export class CudaBackend implements Backend {
  readonly device = "cuda";
  /** Rows on their way to or from model calls. */
  #staged: CudaVector[] = [];
  readonly #cuda: CudaBinding;

  constructor(binding: CudaBinding) {
    this.#cuda = binding;
  }

  allocate(dtype: Dtype, length: number): CudaVector {
    return new CudaVector(this, this.#cuda.allocate(length * bytesOf(dtype)), dtype, 0, length);
  }

  free(vector: Vector): void {
    this.#cuda.free(this.#mine(vector).memory);
  }

  part(vector: Vector, begin: number, end: number): CudaVector {
    const { memory, dtype, first } = this.#mine(vector);
    return new CudaVector(this, memory, dtype, first + begin, end - begin);
  }

  combine(out: Vector, terms: readonly Term[], rows: number): void {
    const target = this.#mine(out);
    const borrowed: CudaVector[] = [];
    const flat: (CudaMemory | number | Float64Array | undefined)[] = [target.memory, target.first];
    for (const [coefficient, vector] of terms) {
      const { memory, first } = this.#input(vector, target);
      flat.push(...this.#coefficient(coefficient, borrowed), memory, first);
    }
    this.#cuda.combine(precision(target), target.length, rows, ...flat);
    // In the order of the stream: the memory is given back when the kernel has read it.
    for (const vector of borrowed) this.free(vector);
  }

  fitsInTurn(): boolean {
    return true;
  }

  /** A launch each: they queue up behind one another on the stream. */
  combineInTurn(combinations: readonly Combination[], checked?: Vector): number {
    const bad = checked ? this.firstNonFinite(checked) : -1;
    for (const { out, terms, rows } of combinations) this.combine(out, terms, rows);
    return bad;
  }

  gram(
    out: Float64Array,
    basis: readonly BasisElement[],
    rows: number,
    accumulate: Accumulate = "float64",
  ): void {
    const pairs = basis.map((element) => (Array.isArray(element) ? element : [element, undefined]) as Pair);
    const model = this.#mine(pairs[0]![0]);
    const flat = pairs.flatMap(([minuend, subtrahend]) => {
      const a = this.#like(minuend, model);
      const b = subtrahend && this.#like(subtrahend, model);
      return [a.memory, a.first, b?.memory, b?.first];
    });
    requireAccumulate(accumulate);
    const blocked = accumulate === "blocked" ? 1 : 0;
    this.#cuda.gram(precision(model), model.length, rows, blocked, out, ...flat);
  }

  fitsCorrection(): boolean {
    return true;
  }

  /** Products from the whole triangle: a card reads the vectors once either way. The formulas are the host's. */
  correctInTurn({ before, checked, measure, decisions, after }: Correction): number {
    const bad = this.combineInTurn(before, checked);
    const products = measure ? this.#column(measure, decisions[0]!.rows) : none;
    for (const decision of decisions) decide(products, decision);
    this.combineInTurn(after);
    return bad;
  }

  #column({ basis, accumulate }: Measure, rows: number): Float64Array {
    const count = basis.length;
    const pairs = (count * (count + 1)) / 2;
    const all = new Float64Array(rows * pairs);
    this.gram(all, basis, rows, accumulate);
    const kept = new Float64Array(rows * (count + 1));
    for (let row = 0; row < rows; row++) {
      kept[row * (count + 1)] = all[row * pairs]!;
      for (let k = 0, end = 0; k < count; k++) {
        end += count - k;
        kept[row * (count + 1) + k + 1] = all[row * pairs + end - 1]!;
      }
    }
    return kept;
  }

  normals(out: Vector, seeds: BigUint64Array, samples: BigUint64Array, stream: number): void {
    const { memory, first, length, dtype } = this.#mine(out);
    this.#cuda.normals(precision({ dtype }), length, memory, first, seeds, samples, stream);
  }

  copy(out: Vector, input: Vector): void {
    const to = this.#mine(out);
    const from = this.#mine(input);
    requireLength(from, to.length);
    this.#cuda.copy(precision(to), to.length, to.memory, to.first, precision(from), from.memory, from.first);
  }

  fill(out: Vector, value: number): void {
    const to = this.#mine(out);
    this.#cuda.fill(precision(to), to.length, to.memory, to.first, value);
  }

  clamp(out: Vector, input: Vector, low: number, high: number): void {
    const to = this.#mine(out);
    const from = this.#input(input, to);
    requireRange(low, high);
    this.#cuda.clamp(precision(to), to.length, to.memory, to.first, from.memory, from.first, low, high);
  }

  threshold(out: Vector, input: Vector, limits: Float64Array): void {
    const to = this.#mine(out);
    const from = this.#input(input, to);
    requireLimits(limits, to.dtype);
    this.#cuda.threshold(precision(to), to.length, to.memory, to.first, from.memory, from.first, limits);
  }

  absoluteQuantile(out: Float64Array, vector: Vector, q: number, rows: number): void {
    const from = this.#mine(vector);
    requireLength(out, rows);
    this.#cuda.absoluteQuantile(precision(from), from.length, out, from.memory, from.first, q);
  }

  /** On the host: beside it a step with error control asks the model two or three times. */
  scaledErrors(out: Float64Array, higher: Vector, lower: Vector, before: Vector, tolerance: Tolerance): void {
    scaledErrors(out, this.read(higher), this.read(lower), this.read(before), tolerance);
  }

  firstNonFinite(vector: Vector): number {
    const from = this.#mine(vector);
    return this.#cuda.firstNonFinite(precision(from), from.length, from.memory, from.first);
  }

  upload(out: Vector, values: ArrayLike<number>): void {
    const to = this.#mine(out);
    const same = isNumbers(values) && hostDtype(values) === to.dtype;
    const numbers = same
      ? values
      : to.dtype === "float32"
        ? Float32Array.from(values)
        : Float64Array.from(values);
    requireLength(numbers, to.length);
    this.#cuda.upload(to.memory, to.first * bytesOf(to.dtype), numbers);
  }

  read(vector: Vector): HostVector {
    const from = this.#mine(vector);
    const to = from.dtype === "float32" ? new Float32Array(from.length) : new Float64Array(from.length);
    this.#cuda.download(to, from.memory, from.first * bytesOf(from.dtype));
    this.settle();
    return to;
  }

  hostBuffer(bytes: number): ArrayBuffer {
    return this.#cuda.hostBuffer(bytes);
  }

  gather(place: HostVector, size: number, sources: readonly SourceRows[]): void {
    const dtype = hostDtype(place);
    const blocks = sources.map(({ source, row, scale }) => ({ vector: this.#mine(source), row, scale }));
    const staged = this.#stage(dtype, blocks);
    this.#cuda.gather(
      precision({ dtype }),
      size,
      staged.memory,
      staged.first,
      blocks.flatMap(({ vector, scale }) => [...rowsOf(vector, size), scale]),
    );
    for (const { row, first, length } of runsOf(blocks, size)) {
      this.#cuda.download(
        place.subarray(row * size, row * size + length),
        staged.memory,
        first * bytesOf(dtype),
      );
    }
  }

  scatter(emitted: HostVector, size: number, targets: readonly TargetRows[]): void {
    const dtype = hostDtype(emitted);
    const blocks = targets.map(({ target, row }) => ({ vector: this.#mine(target), row }));
    const staged = this.#stage(dtype, blocks);
    for (const { row, first, length } of runsOf(blocks, size)) {
      this.#cuda.upload(
        staged.memory,
        first * bytesOf(dtype),
        emitted.subarray(row * size, row * size + length),
      );
    }
    this.#cuda.scatter(
      precision({ dtype }),
      size,
      staged.memory,
      staged.first,
      blocks.flatMap(({ vector }) => rowsOf(vector, size)),
    );
  }

  settle(): void {
    this.#cuda.settle();
    for (const vector of this.#staged.splice(0)) this.free(vector);
  }

  get transferMilliseconds(): number {
    return this.#cuda.transfers().milliseconds;
  }

  /** Room for rows one after the other, until they have crossed. */
  #stage(dtype: Dtype, blocks: readonly { readonly vector: CudaVector }[]): CudaVector {
    const length = blocks.reduce((sum, { vector }) => sum + vector.length, 0);
    const staged = this.allocate(dtype, length);
    this.#staged.push(staged);
    return staged;
  }

  /** The two arguments of a coefficient. Those per element are lent to the card for the one call. */
  #coefficient(
    coefficient: Coefficient,
    borrowed: CudaVector[],
  ): readonly [number | Float64Array | CudaMemory, number | undefined] {
    if (typeof coefficient === "number" || coefficient instanceof Float64Array)
      return [coefficient, undefined];
    const { perElement } = coefficient;
    const vector = this.allocate(hostDtype(perElement), perElement.length);
    borrowed.push(vector);
    this.upload(vector, perElement);
    return [vector.memory, vector.first];
  }

  #mine(vector: Vector): CudaVector {
    if (vector instanceof CudaVector && vector.backend === this) return vector;
    const where = isHostVector(vector) ? "on the host" : "on another device";
    throw new TypeError(`Expected a vector in the card's memory, received one ${where}`);
  }

  /** A vector that an operation reads to write `out`. */
  #input(vector: Vector, out: CudaVector): CudaVector {
    const mine = this.#like(vector, out);
    requireSameOrApart(out, mine);
    return mine;
  }

  #like(vector: Vector, model: CudaVector): CudaVector {
    const mine = this.#mine(vector);
    if (mine.dtype !== model.dtype)
      throw new TypeError(`Expected ${model.dtype} numbers, received ${mine.dtype}`);
    requireLength(mine, model.length);
    return mine;
  }
}

type Pair = readonly [minuend: Vector, subtrahend: Vector | undefined];

function isNumbers(values: ArrayLike<number>): values is HostVector {
  return values instanceof Float32Array || values instanceof Float64Array;
}
