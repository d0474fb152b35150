import {
  type Denoiser,
  gaussianMixture,
  recordedNoise,
  type SampleRequest,
  sample,
} from "../../lib/index.js";
import { type Level, type Process, vpLinear } from "../../lib/process/index.js";

/** Plain arithmetic on arrays, to write a paper's algorithm down literally and compare the solver with it. */
export type Array1 = readonly number[];

export const process: Process = vpLinear({ tEnd: 0.01 });
export const size = 3;
const world = {
  shape: [size],
  weights: [0.6, 0.4],
  means: [
    [0.8, -0.4, 0.1],
    [-0.7, 0.5, 0.6],
  ],
  stds: [0.5, 0.7],
};
const noiseModel = gaussianMixture({ ...world, process, prediction: "epsilon" });
const dataModel: Denoiser = gaussianMixture({ ...world, process });

async function ask(model: Denoiser, x: Array1, level: Level): Promise<number[]> {
  const output = new Float64Array(size);
  const input = Float64Array.from(x);
  await model.evaluate({ rows: 1, input, output, levels: [level], labels: undefined });
  return [...output];
}
export const noiseAt = (x: Array1, level: Level) => ask(noiseModel, x, level);
export const dataAt = (x: Array1, level: Level) => ask(dataModel, x, level);

export const sum = (...terms: readonly (readonly [number, Array1])[]): number[] =>
  Array.from({ length: size }, (_, i) => terms.reduce((total, [c, v]) => total + c * v[i]!, 0));

/** DDIM's transfer of x from one level to another along a noise prediction. */
export const transfer = (x: Array1, e: Array1, from: Level, to: Level) =>
  sum([to.alpha / from.alpha, x], [to.sigma - (from.sigma * to.alpha) / from.alpha, e]);

export const start: Array1 = [0.9, -1.3, 0.4];
/** Recorded normals, different at every draw. */
export const noise: readonly Array1[] = Array.from({ length: 40 }, (_, k) =>
  Array.from({ length: size }, (_, i) => 1.4 * Math.sin(12.9 * k + 5.3 * i + 1)),
);

export async function run(request: SampleRequest): Promise<number[]> {
  const { data } = await sample(noiseModel, {
    initial: start,
    dtype: "float64",
    ...(request.noise ? {} : { noise: recordedNoise(noise) }),
    ...request,
  });
  return [...data];
}

/** For solvers that run each sample by itself and take no recorded noise. */
export async function runWithoutNoise(request: SampleRequest): Promise<number[]> {
  const { data } = await sample(noiseModel, { initial: start, dtype: "float64", ...request });
  return [...data];
}

export const times = (steps: number) =>
  Array.from({ length: steps + 1 }, (_, i) => process.at(1 + ((process.tEnd - 1) * i) / steps));

export const worstGap = (a: Array1, b: Array1) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
