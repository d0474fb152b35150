import { expect, it } from "vitest";
import {
  absoluteQuantile,
  alignedVector,
  callCounts,
  clamp,
  combine,
  firstNonFinite,
  floatToHalf,
  gram,
  halfToFloat,
  memoryLimit,
  normals,
  resetCallCounts,
  scaledErrors,
  setInstructionSet,
  setStreamingBytes,
  setThreads,
  threshold,
} from "../../lib/native/index.js";

const f32 = (length: number) => new Float32Array(length);
const f64 = (length: number) => new Float64Array(length);
const u64 = (...values: bigint[]) => BigUint64Array.from(values);
// For arguments that TypeScript would refuse.
const wrong = (value: unknown) => value as never;

const memory = new ArrayBuffer(256);
const half = (at: number) => new Float32Array(memory, at * 4, 16);

const type = "QUENCH_ARGUMENT_TYPE";
const range = "QUENCH_ARGUMENT_RANGE";
const overlap = "QUENCH_OVERLAP";

const tolerance = { absolute: 0.1, relative: 0.1 };

const cases: [name: string, code: string, message: RegExp, call: () => void][] = [
  [
    "memoryLimit: no inputs",
    range,
    /1 to 6 inputs/,
    () => memoryLimit("store", alignedVector("float32", 16), []),
  ],
  [
    "memoryLimit: out within a cache line",
    range,
    /multiple of 64/,
    () => memoryLimit("store", alignedVector("float32", 17).subarray(1), [f32(16)]),
  ],
  [
    "memoryLimit: a triad of one",
    range,
    /2 inputs for a triad/,
    () => memoryLimit("triad", alignedVector("float32", 16), [f32(16)]),
  ],
  [
    "memoryLimit: inputs shorter than out",
    range,
    /length of out/,
    () => memoryLimit("read", alignedVector("float32", 32), [f32(16)]),
  ],
  [
    "memoryLimit: a loop that is not there",
    range,
    /integer from 0 to 6/,
    () => memoryLimit(wrong("?"), f32(1), [f32(1)]),
  ],
  ["combine: no terms", range, /1 to 8 terms/, () => combine(f32(1), [])],
  ["combine: nine terms", range, /1 to 8 terms/, () => combine(f32(1), new Array(9).fill([1, f32(1)]))],
  [
    "combine: out no vector",
    type,
    /for out but received a Int32Array/,
    () => combine(wrong(new Int32Array(1)), [[1, f32(1)]]),
  ],
  [
    "combine: out a number",
    type,
    /Float32Array or Float64Array for out/,
    () => combine(wrong(3), [[1, f32(1)]]),
  ],
  [
    "combine: vector undefined",
    type,
    /for terms\[1\]\[1\]/,
    () => combine(f32(1), [[1, f32(1)], wrong([1])]),
  ],
  ["combine: term no pair", type, /terms\[0\]/, () => combine(f32(1), [wrong(undefined)])],
  ["combine: coefficient a string", type, /terms\[0\]\[0\]/, () => combine(f32(1), [[wrong("1"), f32(1)]])],
  ["combine: coefficient null", type, /terms\[0\]\[0\]/, () => combine(f32(1), [[wrong(null), f32(1)]])],
  [
    "combine: coefficient undefined",
    type,
    /terms\[0\]\[0\]/,
    () => combine(f32(1), [[wrong(undefined), f32(1)]]),
  ],
  [
    "combine: mixed dtypes",
    type,
    /Float32Array for terms\[0\]\[1\], as out is one/,
    () => combine(f32(1), [[1, f64(1)]]),
  ],
  [
    "combine: lengths",
    range,
    /length 4 .* for terms\[1\]\[1\] but received 3/,
    () =>
      combine(f32(4), [
        [1, f32(4)],
        [1, f32(3)],
      ]),
  ],
  [
    "combine: rows no divisor",
    range,
    /multiple of 3 rows but received 4/,
    () => combine(f32(4), [[1, f32(4)]], 3),
  ],
  ["combine: rows 0", range, /rows but received 0/, () => combine(f32(4), [[1, f32(4)]], 0)],
  ["combine: rows 1.5", range, /integer .* rows/, () => combine(f32(4), [[1, f32(4)]], 1.5)],
  ["combine: rows NaN", range, /integer .* rows/, () => combine(f32(4), [[1, f32(4)]], Number.NaN)],
  [
    "combine: per-row length",
    range,
    /length 2 \(one per row\) for terms\[0\]\[0\]/,
    () => combine(f32(4), [[f64(3), f32(4)]], 2),
  ],
  [
    "combine: per-row float32",
    type,
    /Float64Array for terms\[0\]\[0\]/,
    () => combine(f32(4), [[wrong(f32(2)), f32(4)]], 2),
  ],
  [
    "combine: per-element length",
    range,
    /terms\[0\]\[0\]\.perElement/,
    () => combine(f32(4), [[{ perElement: f32(4) }, f32(4)]], 2),
  ],
  [
    "combine: per-element dtype",
    type,
    /terms\[0\]\[0\]\.perElement/,
    () => combine(f32(4), [[{ perElement: f64(2) }, f32(4)]], 2),
  ],
  [
    "combine: partial overlap",
    overlap,
    /out and terms\[0\]\[1\] overlap/,
    () => combine(half(0), [[1, half(1)]]),
  ],
  [
    "combine: coefficient in out",
    overlap,
    /overlap/,
    () => combine(half(0), [[{ perElement: half(0) }, f32(16)]]),
  ],
  ["gram: empty basis", range, /1 to 6 elements/, () => gram(f64(0), [])],
  ["gram: seven", range, /1 to 6 elements/, () => gram(f64(28), new Array(7).fill(f32(1)))],
  ["gram: out length", range, /length 6 .* for out/, () => gram(f64(3), [f32(1), f32(1), f32(1)])],
  ["gram: out float32", type, /Float64Array for out/, () => gram(wrong(f32(1)), [f32(1)])],
  ["gram: mixed dtypes", type, /basis\[1\]/, () => gram(f64(3), [f32(1), f64(1)])],
  ["gram: lengths", range, /basis\[1\]/, () => gram(f64(3), [f32(2), [f32(2), f32(1)]])],
  ["gram: subtrahend no vector", type, /basis\[0\]/, () => gram(f64(1), [wrong([f32(1), 3])])],
  ["gram: element null", type, /basis\[0\]/, () => gram(f64(1), [wrong(null)])],
  ["gram: pair of one", type, /basis\[0\]/, () => gram(f64(1), [wrong([f32(1)])])],
  ["gram: blocked float64", type, /blocked/, () => gram(f64(1), [f64(1)], 1, "blocked")],
  ["gram: unknown mode", range, /accumulate/, () => gram(f64(1), [f32(1)], 1, wrong("fast"))],
  [
    "gram: out in basis",
    overlap,
    /basis\[0\] overlap/,
    () => {
      const out = f64(1);
      gram(out, [out]);
    },
  ],
  ["normals: no seeds", range, /at least one seed/, () => normals(f32(0), u64(), u64(), 0)],
  ["normals: samples too few", range, /samples/, () => normals(f32(2), u64(1n, 2n), u64(1n), 0)],
  [
    "normals: sample too large",
    range,
    /below 2\^32 but received 4294967296/,
    () => normals(f32(1), u64(1n), u64(2n ** 32n), 0),
  ],
  ["normals: stream negative", range, /stream but received -1/, () => normals(f32(1), u64(1n), u64(0n), -1)],
  ["normals: stream too large", range, /stream/, () => normals(f32(1), u64(1n), u64(0n), 2 ** 32)],
  ["normals: offset fraction", range, /elementOffset/, () => normals(f32(1), u64(1n), u64(0n), 0, 0.5)],
  ["normals: offset unsafe", range, /elementOffset/, () => normals(f32(1), u64(1n), u64(0n), 0, 2 ** 53)],
  ["normals: rows no divisor", range, /multiple of 2/, () => normals(f32(3), u64(1n, 2n), u64(0n, 0n), 0)],
  [
    "normals: seeds as numbers",
    type,
    /BigUint64Array for seeds/,
    () => normals(f32(1), wrong([1]), u64(0n), 0),
  ],
  [
    "normals: seeds signed",
    type,
    /received a BigInt64Array/,
    () => normals(f32(1), wrong(new BigInt64Array(1)), u64(0n), 0),
  ],
  ["clamp: low above high", range, /low <= high/, () => clamp(f32(1), f32(1), 1, 0)],
  ["clamp: NaN", range, /low <= high/, () => clamp(f32(1), f32(1), Number.NaN, 0)],
  ["clamp: lengths", range, /input/, () => clamp(f32(1), f32(2), 0, 1)],
  ["clamp: overlap", overlap, /overlap/, () => clamp(half(0), half(4), 0, 1)],
  [
    "threshold: zero",
    range,
    /limits\[1\] but received 0/,
    () => threshold(f32(2), f32(2), Float64Array.of(1, 0)),
  ],
  [
    "threshold: zero in float32",
    range,
    /limits\[0\]/,
    () => threshold(f32(1), f32(1), Float64Array.of(1e-60)),
  ],
  [
    "threshold: infinite",
    range,
    /limits\[0\]/,
    () => threshold(f64(1), f64(1), Float64Array.of(Number.POSITIVE_INFINITY)),
  ],
  ["threshold: none", range, /at least one limit/, () => threshold(f32(0), f32(0), f64(0))],
  ["quantile: q", range, /0 to 1 for q/, () => absoluteQuantile(f64(1), f32(1), 1.1, 1)],
  ["quantile: q NaN", range, /0 to 1 for q/, () => absoluteQuantile(f64(1), f32(1), Number.NaN, 1)],
  ["quantile: empty rows", range, /at least one element/, () => absoluteQuantile(f64(1), f32(0), 0.5, 1)],
  ["quantile: out length", range, /length 2 \(rows\)/, () => absoluteQuantile(f64(1), f32(2), 0.5, 2)],
  ["scaledErrors: lengths", range, /lower/, () => scaledErrors(f64(1), f32(4), f32(3), f32(4), tolerance)],
  ["scaledErrors: types", type, /before/, () => scaledErrors(f64(1), f32(4), f32(4), f64(4), tolerance)],
  [
    "scaledErrors: rows",
    range,
    /multiple of 3/,
    () => scaledErrors(f64(3), f32(4), f32(4), f32(4), tolerance),
  ],
  ["scaledErrors: no rows", range, /one row/, () => scaledErrors(f64(0), f32(4), f32(4), f32(4), tolerance)],
  [
    "scaledErrors: tolerance",
    range,
    /positive absolute/,
    () => scaledErrors(f64(1), f32(4), f32(4), f32(4), { absolute: 0, relative: 1 }),
  ],
  ["firstNonFinite: no vector", type, /for v/, () => firstNonFinite(wrong([1]))],
  ["halfToFloat: input type", type, /Uint16Array for input/, () => halfToFloat(f32(1), wrong(f32(1)))],
  ["halfToFloat: lengths", range, /input/, () => halfToFloat(f32(1), new Uint16Array(2))],
  ["floatToHalf: out type", type, /Uint16Array for out/, () => floatToHalf(wrong(new Int16Array(1)), f32(1))],
  ["setThreads: 0", range, /from 1 to 256/, () => setThreads(0)],
  ["setThreads: no number", type, /number for n/, () => setThreads(wrong("2"))],
  ["setInstructionSet: unknown", range, /auto, baseline/, () => setInstructionSet(wrong("sse9"))],
  ["setStreamingBytes: negative", range, /bytes/, () => setStreamingBytes(-1)],
];

it.each(cases)("%s", (_name, code, message, call) => {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(code === type ? TypeError : RangeError);
  expect(thrown).toMatchObject({ code, message: expect.stringMatching(message) });
});

it("a refused call writes nothing and is not counted", () => {
  resetCallCounts();
  const out = f32(4).fill(7);
  expect(() =>
    combine(out, [
      [1, f32(4)],
      [1, f32(3)],
    ]),
  ).toThrow(RangeError);
  expect([...out]).toEqual([7, 7, 7, 7]);
  expect(callCounts().combine).toBe(0);
});

it("calls are counted by operation until they are reset", () => {
  resetCallCounts();
  combine(f32(1), [[1, f32(1)]]);
  combine(f32(1), [[1, f32(1)]]);
  gram(f64(1), [f32(1)]);
  expect(callCounts()).toMatchObject({ combine: 2, gram: 1, normals: 0 });
  resetCallCounts();
  expect(Object.values(callCounts()).every((count) => count === 0)).toBe(true);
});

it("a detached buffer is an empty vector", () => {
  const v = f32(8);
  structuredClone(v.buffer, { transfer: [v.buffer] });
  expect(() => combine(f32(8), [[1, v]])).toThrow(/but received 0/);
});
