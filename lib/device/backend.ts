import type { Decision, Vector as HostVector, Tolerance } from "../native/index.js";

export type Dtype = "float32" | "float64";

/**
 * Numbers where a backend keeps them: a typed array on the host, or memory of a card. Solvers hand vectors on and
 * never look inside.
 */
export interface Vector {
  readonly length: number;
  readonly byteLength: number;
}

/** A number for all; a Float64Array with one per row; or one per element of a row, in a typed array of the dtype. */
export type Coefficient = number | Float64Array | { readonly perElement: HostVector };

export type Term = readonly [coefficient: Coefficient, vector: Vector];

/** out = the sum of the terms; `rows` as in {@link Backend.combine}. */
export interface Combination {
  readonly out: Vector;
  readonly terms: readonly Term[];
  readonly rows: number;
}

/**
 * How {@link Backend.gram} adds: "float64" forms differences, products and sums in float64. "blocked", for float32
 * vectors and twice as fast, forms them in float32, up to 16 products at a time, and the rest of the sum in float64: an
 * error of about 1e-8 of |a| |b|. For float64 vectors both are the same.
 */
export type Accumulate = "float64" | "blocked";

export type BasisElement = Vector | readonly [minuend: Vector, subtrahend: Vector];

/** Inner products of K basis elements: of their {@link Backend.gram} the first number and the last column, K + 1 a row. */
export interface Measure {
  readonly basis: readonly BasisElement[];
  readonly accumulate: Accumulate;
}

/**
 * A step's correction: the combinations before; inner products of what they leave; what formulas make of these; the
 * combinations after, whose coefficients that may be.
 */
export interface Correction {
  readonly before: readonly Combination[];
  /** Looked at for NaN and infinity first. */
  readonly checked?: Vector | undefined;
  /** Undefined where no formula needs products. */
  readonly measure: Measure | undefined;
  /** Of one number of rows. */
  readonly decisions: readonly Decision[];
  readonly after: readonly Combination[];
}

/** Rows of a vector that go into a model call, times `scale`, from its row `row` on. */
export interface SourceRows {
  readonly source: Vector;
  readonly row: number;
  readonly scale: number;
}

/** Where rows of what a model emitted go: as many as the vector holds, from row `row` of the call on. */
export interface TargetRows {
  readonly target: Vector;
  readonly row: number;
}

/**
 * Where vectors live and what is done to them there. The arithmetic is the same on each, to the bit: lib/native says
 * what the operations do. All vectors of a call belong to the backend it is made on.
 */
export interface Backend {
  readonly device: "cpu" | "cuda";

  /** A vector with undefined contents. */
  allocate(dtype: Dtype, length: number): Vector;
  /** Gives a vector's memory back at once, where that does not happen by itself. */
  free(vector: Vector): void;
  /** Elements [begin, end) as a vector over the same memory. */
  part(vector: Vector, begin: number, end: number): Vector;

  combine(out: Vector, terms: readonly Term[], rows: number): void;
  /** Whether so many combinations with so many terms in all may be done {@link combineInTurn}. */
  fitsInTurn(combinations: number, terms: number): boolean;
  /** Whether they may in {@link correctInTurn}, beside so many decisions and basis elements. */
  fitsCorrection(decisions: number, elements: number, combinations: number, terms: number): boolean;
  /**
   * Runs several combinations of vectors of one length and dtype, as if {@link combine} had been called for each in
   * order; on the host in one pass through memory. First looks for a NaN or infinity in `checked`: one vector, or
   * several stored back to back.
   * @returns the index of the first such element, or -1
   */
  combineInTurn(combinations: readonly Combination[], checked?: Vector): number;
  /** @param accumulate default "float64" */
  gram(out: Float64Array, basis: readonly BasisElement[], rows: number, accumulate?: Accumulate): void;
  /**
   * What waits before a correction, what it measures and decides, and what follows; on the host in one pass through
   * memory where `correctInTurn` of lib/native says so.
   * @returns the index of the first NaN or infinity of `checked`, or -1
   */
  correctInTurn(correction: Correction): number;
  normals(out: Vector, seeds: BigUint64Array, samples: BigUint64Array, stream: number): void;
  /** Between vectors of the same dtype or not. */
  copy(out: Vector, input: Vector): void;
  fill(out: Vector, value: number): void;
  clamp(out: Vector, input: Vector, low: number, high: number): void;
  threshold(out: Vector, input: Vector, limits: Float64Array): void;
  absoluteQuantile(out: Float64Array, vector: Vector, q: number, rows: number): void;
  scaledErrors(out: Float64Array, higher: Vector, lower: Vector, before: Vector, tolerance: Tolerance): void;
  firstNonFinite(vector: Vector): number;

  /** Numbers from the host. Those in a {@link hostBuffer} must stay as they are until {@link settle}. */
  upload(out: Vector, values: ArrayLike<number>): void;
  /** The numbers as a typed array: the vector itself where it is one. */
  read(vector: Vector): HostVector;

  /** Host memory that a model call reads and writes: page-locked for a card. */
  hostBuffer(bytes: number): ArrayBuffer;
  /** Writes the rows of a model call, `size` numbers each, in the place's dtype; there after {@link settle}. */
  gather(place: HostVector, size: number, sources: readonly SourceRows[]): void;
  /** Reads rows of what a model emitted, in the targets' dtypes. They must stay as they are until {@link settle}. */
  scatter(emitted: HostVector, size: number, targets: readonly TargetRows[]): void;
  /** Waits for what is on its way between host and card. */
  settle(): void;
  /** Milliseconds that transfers took so far, up to the last {@link settle}. */
  readonly transferMilliseconds: number;
}
