import { describe, expect, it } from "vitest";
import { gaussianMixture, measureNoiseEnergy, sample, sampleMixture } from "../../lib/index.js";
import { normals } from "../../lib/native/index.js";
import { vpLinear } from "../../lib/process/index.js";
import { isStochastic, type SolverDefinition, solvers } from "../../lib/solver/index.js";
import type { Given } from "./option-sets.js";

/** Three modes in two dimensions, not symmetric, well within reach of each other; in more, flat along the others. */
const world = (dimensions: number) => ({
  shape: [dimensions],
  weights: [0.5, 0.3, 0.2],
  means: [
    [0.7, -0.2],
    [-0.5, 0.6],
    [-0.4, -0.7],
  ].map((mean) => [...mean, ...new Array<number>(dimensions - 2).fill(0)]),
  stds: [0.35, 0.3, 0.4],
});
const process = vpLinear();
const count = 2000;
const steps = 150;
const seed = 20;

/**
 * Every solver below draws 2,000 samples; the two means and three second moments about the true mean are compared with the
 * truth in units of their standard error. At 4.5 deviations one statistic raises a false alarm in 1.5e5 seeds, the
 * whole table of some 200 in 700. The seed is recorded, so the outcome is fixed. Bias at 150 steps is part of what is
 * compared: it has to hide below the Monte-Carlo error (2.2% of a deviation, 3.2% of a variance).
 */
const alarm = 4.5;

/** Option sets beyond the defaults that make a solver stochastic, or stochastic in another way. */
const more: Readonly<Record<string, readonly Given[]>> = {
  ddim: [{ eta: 1 }, { eta: 0.5 }],
  ddpm: [{ variance: "large" }],
  "analytic-ddim": [{ eta: 0.5 }],
  euler: [{ churn: 8 }],
  "edm-heun": [{ churn: 40 }, { churn: 80, churnMin: 0.05, churnMax: 10 }],
  "edm-general": [
    { method: "euler", churn: 8 },
    { clock: "vp", scaling: "vp", churn: 40 },
  ],
  dpm2: [{ churn: 40 }, { r: 0.3, churn: 40 }],
  "euler-ancestral": [{ eta: 0.5 }],
  "dpm-fast": [{ eta: 1 }, { eta: 0.5 }],
  "predictor-corrector": [{ correctorSteps: 0 }, { correctorSteps: 2, snr: 0.1 }],
  "euler-diffusers": [{ churn: 8 }],
  "dpm-solver-single-diffusers": [{ eta: 1 }],
};

const stochastic = [...solvers.values()].filter(({ stochastic }) => stochastic !== false);
/** What calibrated solvers need; the schema refuses the defaults alone. */
const needsEnergy = ({ name }: SolverDefinition) => name.startsWith("analytic-");

/** Langevin steps take their size from norms that only many dimensions make steady. */
const dimensionsOf = ({ name }: SolverDefinition) => (name === "predictor-corrector" ? 32 : 2);

async function moments(solver: SolverDefinition, given: Given): Promise<number[]> {
  const dimensions = dimensionsOf(solver);
  const energy = needsEnergy(solver) ? { gamma: await noiseEnergy() } : {};
  const { data } = await sample(gaussianMixture({ ...world(dimensions), process }), {
    solver: { name: solver.name, ...given, ...energy },
    steps,
    count,
    seed,
    dtype: "float64",
    grid: { schedule: "log-snr", final: "zero" },
  });
  return scores(data, dimensions);
}

const draws = (stream: number) => {
  let sampleNumber = 0n;
  return (out: Float64Array) =>
    normals(out, new BigUint64Array([7n]), new BigUint64Array([sampleNumber++]), stream);
};

let measured: ReturnType<typeof measureNoiseEnergy> | undefined;
function noiseEnergy() {
  const mixture = gaussianMixture({ ...world(2), process });
  measured ??= measureNoiseEnergy(mixture, { data: sampleMixture(world(2), 2000, draws(1)) });
  return measured;
}

/** (estimate − truth)/(standard error) of two means and three second moments about the true mean. */
function scores(data: ArrayLike<number>, dimensions: number): number[] {
  const { weights, means, stds } = world(dimensions);
  const mean = [0, 1].map((j) => means.reduce((sum, m, k) => sum + weights[k]! * m[j]!, 0));
  const covariance = (a: number, b: number) =>
    means.reduce(
      (sum, m, k) =>
        sum + weights[k]! * ((m[a]! - mean[a]!) * (m[b]! - mean[b]!) + (a === b ? stds[k]! ** 2 : 0)),
      0,
    );
  const gap = (i: number, j: number) => data[dimensions * i + j]! - mean[j]!;
  const z = (value: (i: number) => number, truth: number) => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < count; i++) {
      sum += value(i);
      squares += value(i) ** 2;
    }
    const average = sum / count;
    return (average - truth) / Math.sqrt((squares / count - average ** 2) / count);
  };
  return [
    z((i) => gap(i, 0), 0),
    z((i) => gap(i, 1), 0),
    z((i) => gap(i, 0) ** 2, covariance(0, 0)),
    z((i) => gap(i, 1) ** 2, covariance(1, 1)),
    z((i) => gap(i, 0) * gap(i, 1), covariance(0, 1)),
  ];
}

describe("terminal mean and covariance with own noise", () => {
  it("the statistic itself accepts exact samples and rejects samples 10% too wide", () => {
    const exact = sampleMixture(world(2), count, draws(2));
    for (const score of scores(exact, 2)) expect(Math.abs(score)).toBeLessThan(alarm);
    const wide = scores(
      exact.map((value) => 1.1 * value),
      2,
    );
    expect(Math.max(...wide.map(Math.abs))).toBeGreaterThan(alarm);
  });

  const cases = stochastic.flatMap((solver) =>
    [{}, ...(more[solver.name] ?? [])]
      .filter((given) => needsEnergy(solver) || isStochastic(solver, solver.options.parse(given)))
      .map((given) => [`${solver.name} ${JSON.stringify(given)}`, solver, given] as const),
  );
  it("covers every stochastic solver", () => {
    const covered = new Set(cases.map(([, { name }]) => name));
    expect(stochastic.filter(({ name }) => !covered.has(name)).map(({ name }) => name)).toEqual([]);
  });
  it.each(cases)("%s", async (_, solver, given) => {
    const found = await moments(solver, given);
    for (const score of found)
      expect(Math.abs(score), found.map((s) => s.toFixed(1)).join(" ")).toBeLessThan(alarm);
  });
});
