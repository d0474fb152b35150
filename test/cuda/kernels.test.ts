import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { type Backend, CudaBackend, hostBackend, openCuda, type Vector } from "../../lib/device/index.js";
import { buildEmulation, hasCmake, launchTests, onCard, testedAddon } from "./emulation.js";

const dtypes = ["float32", "float64"] as const;
type Dtype = (typeof dtypes)[number];

/** Rows and elements per row: one element, odd sizes, either side of a block of threads and of a unit of gram. */
const shapes: readonly (readonly [rows: number, size: number])[] = [
  [1, 1],
  [3, 1],
  [1, 17],
  [5, 257],
  [2, 8191],
  [3, 8193],
  [1, 5 * 8192 + 3],
];

/**
 * Every operation on both backends, with the same numbers in vectors that begin at an odd element of larger ones;
 * all that comes out, as bytes.
 */
function round(backend: Backend, dtype: Dtype, rows: number, size: number): Uint8Array[] {
  const length = rows * size;
  const results: Uint8Array[] = [];
  const keep = (values: Float32Array | Float64Array) =>
    results.push(new Uint8Array(values.slice().buffer as ArrayBuffer));
  const numbers = (seed: number, count = length) => {
    const values = dtype === "float32" ? new Float32Array(count) : new Float64Array(count);
    hostBackend.normals(values, new BigUint64Array([BigInt(seed)]), new BigUint64Array(1), 0);
    return values;
  };
  const make = (seed: number): Vector => {
    const vector = backend.part(backend.allocate(dtype, length + 3), 3, length + 3);
    backend.upload(vector, numbers(seed));
    return vector;
  };
  const v = Array.from({ length: 8 }, (_, k) => make(k + 1));
  const out = make(99);
  const perRow = Float64Array.from({ length: rows }, (_, row) => 0.1 + row / 3);

  for (let terms = 1; terms <= 8; terms++) {
    const uniform = v.slice(0, terms).map((vector, k) => [0.3 + k, vector] as const);
    backend.combine(out, uniform, 1);
    keep(backend.read(out));
    const mixed = uniform.map(([c, vector], k) => {
      const coefficient = k % 3 === 0 ? c : k % 3 === 1 ? perRow : { perElement: numbers(50 + k, size) };
      return [coefficient, vector] as const;
    });
    backend.combine(out, mixed, rows);
    keep(backend.read(out));
  }
  backend.combine(
    out,
    [
      [-0.5, out],
      [0, v[0]!],
    ],
    1,
  ); // in place
  keep(backend.read(out));

  for (let basis = 1; basis <= 6; basis++) {
    for (const differences of [false, true]) {
      const sums = new Float64Array((rows * basis * (basis + 1)) / 2);
      const elements = v
        .slice(0, basis)
        .map((a, k) => (differences && k % 2 === 0 ? ([a, v[7]!] as const) : a));
      for (const accumulate of ["float64", "blocked"] as const) {
        backend.gram(sums, elements, rows, accumulate);
        keep(sums);
      }
    }
  }

  for (const accumulate of ["float64", "blocked"] as const) {
    // A step of EVODiff: what the formula measures and decides, and the state that it moves.
    const constants = new Float64Array(14).fill(0.4);
    const kept = new Float64Array(rows).fill(0.7);
    const [coefficients, measured] = [new Float64Array(rows * 4), new Float64Array(rows * 4)];
    const on = (k: number) => coefficients.subarray(k * rows, (k + 1) * rows);
    const [x, m0, m1, mt] = [v[0]!, v[2]!, v[3]!, out];
    const bad = backend.correctInTurn({
      before: [
        {
          ...{ out: mt, rows: 1 },
          terms: [
            [0.5, x],
            [-2, v[1]!],
          ],
        },
      ],
      checked: v[1]!,
      measure: { basis: [x, m0, [m0, m1], [mt, m0]], accumulate },
      decisions: [{ formula: "variance-correction", rows, constants, kept, coefficients, measured }],
      after: [
        {
          ...{ out: v[4]!, rows },
          terms: [
            [on(1), mt],
            [on(2), m1],
            [on(3), m0],
            [on(0), x],
          ],
        },
      ],
    });
    expect(bad).toBe(-1);
    for (const numbers of [kept, coefficients, measured]) keep(numbers);
    keep(backend.read(v[4]!));
  }

  const seeds = BigUint64Array.from({ length: rows }, (_, row) => 2n ** 63n + BigInt(row));
  const samples = BigUint64Array.from({ length: rows }, (_, row) => BigInt(row));
  backend.normals(out, seeds, samples, 7);
  keep(backend.read(out));
  backend.clamp(v[0]!, out, -0.5, 0.75);
  keep(backend.read(v[0]!));
  const limits = new Float64Array(rows);
  for (const q of [0, 0.37, 0.995, 1]) {
    backend.absoluteQuantile(limits, out, q, rows);
    keep(limits);
  }
  backend.threshold(v[1]!, out, limits);
  keep(backend.read(v[1]!));
  backend.copy(v[2]!, out);
  backend.fill(out, 0.1);
  keep(backend.read(v[2]!));
  keep(backend.read(out));

  expect(backend.firstNonFinite(v[2]!)).toBe(-1);
  backend.fill(backend.part(v[2]!, Math.floor(length / 2), length), Number.POSITIVE_INFINITY);
  expect(backend.firstNonFinite(v[2]!)).toBe(Math.floor(length / 2));
  backend.fill(backend.part(v[2]!, length - 1, length), Number.NaN);
  backend.absoluteQuantile(limits, v[2]!, 0.2, rows);
  expect(limits[rows - 1]).toBeNaN();
  keep(limits.subarray(0, rows - 1));

  const other = backend.allocate(dtype === "float32" ? "float64" : "float32", length);
  backend.copy(other, v[3]!);
  keep(backend.read(other));
  // A model call of rows from everywhere: the first vector's rows backwards, then one of the other precision whole.
  const hostRoom = (values: typeof dtype, count: number) =>
    values === "float32"
      ? new Float32Array(backend.hostBuffer(4 * count), 0, count)
      : new Float64Array(backend.hostBuffer(8 * count), 0, count);
  const rowOf = (vector: Vector, row: number) => backend.part(vector, row * size, (row + 1) * size);
  const backwards = Array.from({ length: rows }, (_, row) => rows - 1 - row);
  for (const callType of dtypes) {
    const place = hostRoom(callType, 2 * length);
    for (const scale of [1, 0.37]) {
      backend.gather(place, size, [
        ...backwards.map((row) => ({ source: rowOf(v[4]!, row), row: rows - 1 - row, scale })),
        { source: other, row: rows, scale: 2 * scale },
      ]);
      backend.settle();
      keep(place);
    }
    const emitted = hostRoom(callType, 2 * length);
    emitted.set(numbers(77, 2 * length));
    backend.scatter(emitted, size, [
      { target: v[5]!, row: 0 },
      ...backwards.map((row) => ({ target: rowOf(other, row), row: 2 * rows - 1 - row })),
    ]);
    keep(backend.read(v[5]!));
    keep(backend.read(other));
  }
  return results;
}

describe.skipIf(!hasCmake)(`the CUDA kernels, ${onCard ? "on the card" : "emulated"}`, () => {
  let cuda: CudaBackend;

  beforeAll(async () => {
    await buildEmulation();
    cuda = new CudaBackend(openCuda(testedAddon).binding);
  }, 300_000);

  test("threads, lanes and rows are where they belong, beyond 2^31 too", () => {
    expect(execFileSync(launchTests, { encoding: "utf8" })).toContain("passed");
  });

  for (const [rows, size] of shapes) {
    test(`give the CPU's bits for ${rows} × ${size} elements`, () => {
      for (const dtype of dtypes) {
        const expected = round(hostBackend, dtype, rows, size);
        const found = round(cuda, dtype, rows, size);
        expect(found.length).toBe(expected.length);
        for (const [i, bytes] of found.entries())
          expect(Buffer.compare(bytes, expected[i]!), `result ${i}`).toBe(0);
      }
    });
  }

  test("more rows than there is room for parameters", () => {
    const rows = 70_000;
    const seeds = BigUint64Array.from({ length: rows }, (_, row) => BigInt(row));
    const results = [hostBackend, cuda].map((backend) => {
      const out = backend.allocate("float32", 2 * rows);
      backend.normals(out, seeds, seeds, 1);
      backend.combine(out, [[Float64Array.from({ length: rows }, (_, row) => row), out]], rows);
      return backend.read(out);
    });
    expect(results[1]).toEqual(results[0]);
  });

  test("a card refuses the arguments that the CPU refuses", () => {
    for (const backend of [hostBackend, cuda]) {
      const whole = backend.allocate("float32", 8);
      backend.fill(whole, 1);
      const [left, middle] = [backend.part(whole, 0, 4), backend.part(whole, 2, 6)];
      const refused: readonly (() => void)[] = [
        () => backend.combine(left, [[2, middle]], 1),
        () => backend.clamp(left, middle, -1, 1),
        () => backend.clamp(whole, whole, 1, -1),
        () => backend.clamp(whole, whole, Number.NaN, 1),
        ...[0, -1, Number.NaN, Infinity, 1e300, 1e-60].map((limit) => {
          return () => backend.threshold(whole, whole, Float64Array.of(limit));
        }),
        () => backend.absoluteQuantile(new Float64Array(2), whole, 0.5, 4),
        () => backend.gram(new Float64Array(1), [whole], 1, "nonsense" as "blocked"),
        () => backend.upload(whole, [1, 2]),
      ];
      for (const [i, call] of refused.entries())
        expect(call, `${backend.device}, call ${i}`).toThrow(RangeError);
      expect([...backend.read(whole)]).toEqual(new Array(8).fill(1));
    }
  });

  test("vectors of the host, of another precision or beyond their memory are refused", () => {
    const vector = cuda.allocate("float32", 4);
    expect(() => cuda.combine(vector, [[1, new Float32Array(4)]], 1)).toThrow(/on the host/);
    expect(() => cuda.combine(vector, [[1, cuda.allocate("float64", 4)]], 1)).toThrow(/float32/);
    expect(() => cuda.combine(vector, [[1, cuda.part(vector, 0, 3)]], 1)).toThrow(/Expected 4 numbers/);
    expect(() => cuda.fill(cuda.part(vector, 2, 6), 0)).toThrow(/holds 4/);
    expect(() => cuda.upload(vector, [1, 2])).toThrow(/Expected 4 numbers/);
    expect(() => hostBackend.fill(vector, 0)).toThrow(/typed array/);
    cuda.free(vector);
    expect(() => cuda.fill(vector, 0)).toThrow(/holds 0/);
  });
});
