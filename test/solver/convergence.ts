import { type Denoiser, gaussianMixture, type SampleRequest, sample } from "../../lib/index.js";
import { vpLinear } from "../../lib/process/index.js";
import type { SolverDefinition } from "../../lib/solver/index.js";

/** Where orders are measured: a smooth mixture in two dimensions, with its modes neither merged nor apart. */
const process = vpLinear({ betaMax: 30, tEnd: 0.08 });
export const denoiser: Denoiser = gaussianMixture({
  process,
  shape: [2],
  weights: [0.5, 0.3, 0.2],
  means: [
    [0.8, -0.3],
    [-0.7, 0.6],
    [-0.2, -0.9],
  ],
  stds: [0.8, 0.9, 0.7],
});
const start = [0.4, 0.7, -0.9, 0.3, 0.2, -1.1];
const rows = start.length / 2;

/** Budgets for which DPM-Solver's mixed orders end without a first-order step: ≡ 2 modulo 6. */
const budgets = [56, 80, 110, 158, 224, 320, 452, 638];
/** The fit takes this many, the finest whose error is above that of the solution itself. */
const fitted = 5;
const resolved = 1e-11;

let exact: Promise<Float64Array> | undefined;

/** The probability-flow ODE in y = x/α, dy/dλ = m − y, by Runge–Kutta with very small steps. */
function solution(): Promise<Float64Array> {
  exact ??= integrate(8000);
  return exact;
}

async function integrate(steps: number): Promise<Float64Array> {
  const from = process.at(process.tStart);
  const to = process.at(process.tEnd);
  const h = (to.lambda - from.lambda) / steps;
  const y = Float64Array.from(start, (value) => value / from.alpha);
  const slope = async (at: Float64Array, lambda: number) => {
    const level = process.atLambda(lambda);
    const input = at.map((value) => value * level.alpha);
    const output = new Float64Array(input.length);
    const levels = new Array<typeof level>(rows).fill(level);
    await denoiser.evaluate({ rows, input, output, levels, labels: undefined });
    return output.map((m, i) => m - at[i]!);
  };
  const along = (direction: Float64Array, length: number) =>
    y.map((value, i) => value + length * direction[i]!);
  for (let n = 0; n < steps; n++) {
    const lambda = from.lambda + n * h;
    const k1 = await slope(y, lambda);
    const k2 = await slope(along(k1, h / 2), lambda + h / 2);
    const k3 = await slope(along(k2, h / 2), lambda + h / 2);
    const k4 = await slope(along(k3, h), lambda + h);
    for (let i = 0; i < y.length; i++) y[i]! += (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!);
  }
  return y.map((value) => value * to.alpha);
}

export interface Convergence {
  /** Slope of log error over log steps, by least squares. */
  readonly order: number;
  readonly points: readonly { readonly steps: number; readonly error: number }[];
}

/** Root-mean-square error of one run against the solution. */
export async function errorOf(
  request: SampleRequest,
): Promise<{ steps: number; error: number; nfe: number }> {
  const { data, times, nfe } = await sample(denoiser, {
    count: rows,
    initial: start,
    dtype: "float64",
    grid: { schedule: "log-snr", final: "min" },
    ...request,
  });
  const truth = await solution();
  const squares = truth.reduce((sum, value, i) => sum + (data[i]! - value) ** 2, 0);
  return { steps: times.length - 1, error: Math.sqrt(squares / truth.length), nfe };
}

/** Measures the convergence order of a deterministic solver in float64 on a log-SNR grid that ends above zero. */
export async function measureOrder(
  solver: SolverDefinition,
  options: Record<string, unknown> = {},
): Promise<Convergence> {
  const runs: { steps: number; error: number }[] = [];
  for (const steps of budgets) runs.push(await errorOf({ solver: { name: solver.name, ...options }, steps }));
  const points = runs.filter(({ error }) => error > resolved).slice(-fitted);
  return { order: slope(points), points };
}

function slope(points: readonly { steps: number; error: number }[]): number {
  const xs = points.map(({ steps }) => Math.log(steps));
  const ys = points.map(({ error }) => Math.log(error));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [x0, y0] = [mean(xs), mean(ys)];
  const covariance = mean(xs.map((x, i) => (x - x0) * (ys[i]! - y0)));
  return -covariance / mean(xs.map((x) => (x - x0) ** 2));
}
