import { describe, expect, it } from "vitest";
import { addMoments, innerProducts, rootTrace } from "../../lib/native/index.js";
import { bits, type Dtype, randomVector, underEverySetting } from "./vectors.js";

const dimension = 37;
const rows = 300;

describe.each(["float32", "float64"] as const)("statistics of %s rows", (dtype: Dtype) => {
  it("have the same bits under every setting", async () => {
    const x = randomVector(dtype, rows * dimension, 1);
    const y = randomVector(dtype, 70 * dimension, 2);
    const found: Promise<[string, string]>[] = [];
    underEverySetting((setting) => {
      const [mean, products] = [new Float64Array(dimension), new Float64Array(dimension ** 2)];
      addMoments(mean, products, x, 0);
      const between = new Float64Array(rows * 70);
      innerProducts(between, x, y, dimension);
      const symmetric = Float64Array.from(products, (_, at) => {
        const [i, j] = [Math.floor(at / dimension), at % dimension];
        return products[Math.min(i, j) * dimension + Math.max(i, j)]!;
      });
      // The instruction set is read now, the work is done later.
      const trace = rootTrace(symmetric, symmetric, dimension);
      found.push(trace.then((value) => [setting, bits(mean, symmetric, between, Float64Array.of(value))]));
    });
    const results = await Promise.all(found);
    for (const [setting, digest] of results) expect(digest, setting).toBe(results[0]![1]);
  });

  it("are the plain sums", () => {
    const x = randomVector(dtype, 5 * dimension, 3);
    const y = randomVector(dtype, 18 * dimension, 4);
    const out = new Float64Array(5 * 18);
    innerProducts(out, x, y, dimension);
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 18; j++) {
        let sum = 0;
        for (let k = 0; k < dimension; k++) sum += x[i * dimension + k]! * y[j * dimension + k]!;
        expect(out[i * 18 + j]).toBeCloseTo(sum, 12);
      }
    }
  });
});

it.each([Number.NaN, Infinity, -Infinity])("a matrix that holds %s has no root trace", async (bad) => {
  const identity = () => Float64Array.of(1, 0, 0, 1);
  for (const at of [0, 1, 3]) {
    const spoilt = identity().fill(bad, at, at + 1);
    expect(await rootTrace(spoilt, identity(), 2)).toBeNaN();
    expect(await rootTrace(identity(), spoilt, 2)).toBeNaN();
  }
});

it("arguments that do not fit are refused", () => {
  const f64 = (length: number) => new Float64Array(length);
  expect(() => addMoments(f64(2), f64(3), f64(4), 0)).toThrow(/products/);
  expect(() => addMoments(f64(2), f64(4), f64(5), 0)).toThrow(/whole rows/);
  expect(() => addMoments(f64(0), f64(0), f64(0), 0)).toThrow(/dimensions/);
  expect(() => addMoments(f64(2), f64(4), f64(4), -1)).toThrow(/before/);
  expect(() => innerProducts(f64(3), f64(4), f64(4), 2)).toThrow(/rows of a/);
  expect(() => innerProducts(f64(4), f64(4), new Float32Array(4), 2)).toThrow(/one type/);
  const shared = f64(8);
  expect(() => innerProducts(shared.subarray(0, 4), shared.subarray(2, 6), f64(4), 2)).toThrow(
    /memory|overlap/,
  );
});
