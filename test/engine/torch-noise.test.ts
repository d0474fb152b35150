import { expect, test } from "vitest";
import { edm, gaussianMixture, recordedNoise, sample } from "../../lib/index.js";
import { torchGenerators, torchNormals } from "../../lib/native/index.js";

const shape = [3, 2, 4];
const size = 24;
const mixture = gaussianMixture({
  weights: [1, 1],
  means: [new Array<number>(size).fill(0.5), new Array<number>(size).fill(-0.5)],
  stds: [0.2, 0.3],
  shape,
  process: edm(),
});

/** What a script with one generator per sample draws: torch.randn(shape, generator=...) again and again. */
function script(seeds: readonly bigint[], draws: number): Float32Array[] {
  const generators = torchGenerators(BigUint64Array.from(seeds));
  return Array.from({ length: draws }, () => {
    const drawn = new Float32Array(seeds.length * size);
    torchNormals(drawn, generators);
    return drawn;
  });
}

const solver = { name: "ddim", eta: 1 };
const steps = 3;
const rng = "torch-cpu";

test.each(["float32", "float64"] as const)(
  "x_T and the noise of the steps continue one generator (%s)",
  async (dtype) => {
    const [start, ...noise] = script([10n, 11n], 1 + steps);
    const scaled = Float32Array.from(start!, (value) => value * 80);
    const expected = await sample(mixture, {
      solver,
      steps,
      dtype,
      count: 2,
      initial: scaled,
      noise: recordedNoise(noise),
    });
    const drawn = await sample(mixture, { solver, steps, dtype, count: 2, seed: 10, rng });
    if (dtype === "float32") expect(drawn.data).toEqual(expected.data);
    else for (const [i, value] of drawn.data.entries()) expect(value).toBeCloseTo(expected.data[i]!, 5);
  },
);

test("with x_T given, a script's generator is fresh when the solver first draws", async () => {
  const noise = script([5n], steps);
  const initial = new Array<number>(size).fill(40);
  const expected = await sample(mixture, { solver, steps, initial, noise: recordedNoise(noise) });
  expect((await sample(mixture, { solver, steps, initial, seed: 5, rng })).data).toEqual(expected.data);
});

test("a sample depends on its own seed alone", async () => {
  const together = await sample(mixture, { solver, steps, seeds: [7, 3, 2n ** 40n], rng });
  const shard = await sample(mixture, { solver, steps, seed: 1, firstSample: 2, rng });
  expect(shard.data).toEqual(together.data.slice(size, 2 * size));
});

test("initialScale is the standard deviation of x_T", async () => {
  const [start] = script([1n], 1);
  const initial = Float32Array.from(start!, (value) => value * 2);
  const expected = await sample(mixture, { steps, initial });
  expect((await sample(mixture, { steps, initialScale: 2, seed: 1, rng })).data).toEqual(expected.data);
});
