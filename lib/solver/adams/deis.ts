import { z } from "zod";
import { requireArgument } from "../../errors.js";
import { atScaledSigma, type NoiseClock, scaledSigma, vpClockOf } from "../../process/index.js";
import { loweredOrder } from "../dpm-solver/options.js";
import { lagrangeBasis, polynomialAt } from "../lagrange.js";
import { defineSolver, type Step } from "../solver.js";
import { lagrangeWeightsIn } from "./adams-bashforth.js";
import { variableStepWeights } from "./ipndm.js";
import { multistepNoise, multistepOptions } from "./multistep-noise.js";

const options = multistepOptions(3, "; the paper's tAB-r and rhoAB-r are order r + 1");

/**
 * DEIS, tAB: the noise prediction is extrapolated by a polynomial in *time*, and ∫ (dκ/dτ) ℓ_j(τ) dτ is its weight
 * (Eq. 15). It is taken as ∫ ℓ_j(τ(κ)) dκ, which needs no derivative and has no singular end at σ = 0.
 */
export const deisTab = defineSolver({
  name: "deis-tab",
  title: "DEIS tAB",
  source: "Zhang & Chen 2023 (DEIS), Eq. 14-15",
  stochastic: false,
  options: z.strictObject({
    ...options,
    time: z
      .enum(["auto", "process", "vp"])
      .default("auto")
      .describe(
        "time of the polynomial: the process's, or the linear VP process's of the same noise; auto: vp on EDM",
      ),
    quadrature: z
      .enum(["exact", "released"])
      .default("exact")
      .describe("Gauss-Legendre to 1e-12, or diff-sampler's sum over 10,000 points (VP time only)"),
  }),
  order: ({ order }) => order,
  orderCases: [{ order: 2 }, { order: 4 }, { time: "vp" }, { lowerOrderFinal: true }],
  measuredOrder: ({ order, lowerOrderFinal }) => loweredOrder(order, lowerOrderFinal),
  evaluations: (steps, { analyticFirstStep }) => steps - Number(analyticFirstStep),
  vectors: ({ order }) => order,
  predicts: "noise",
  sample(run, { time, quadrature, ...rest }) {
    const { process } = run;
    const vp = time === "vp" || (time === "auto" && process.type === "edm");
    requireArgument(vp || quadrature === "exact", "solver.quadrature", `"released" needs time "vp"`);
    const ends = run.grid.levels.at(-1)!;
    requireArgument(
      ends.sigma > 0 || quadrature === "exact",
      "solver.quadrature",
      `"released" is singular on a step to zero: use "exact" or a grid with final "min"`,
    );
    const clock = vp ? vpClockOf(process) : undefined;
    if (clock && quadrature === "released") return multistepNoise(run, rest, (s) => riemannWeights(clock, s));
    const timeAt = clock?.timeOf ?? ((sigma: number) => atScaledSigma(process, sigma).t);
    const nodeOf = clock ? (step: Step) => clock.timeOf(scaledSigma(step.from)) : (step: Step) => step.from.t;
    return multistepNoise(run, rest, (steps) => {
      const { from, to } = steps[0]!;
      return lagrangeWeightsIn(timeAt, steps.map(nodeOf), scaledSigma(from), scaledSigma(to));
    });
  },
});

/** DEIS, ρAB: the polynomial is in σ/α itself, where the weights are Adams–Bashforth's for the steps as they are. */
export const deisRhoAb = defineSolver({
  name: "deis-rho-ab",
  title: "DEIS rhoAB",
  source: "Zhang & Chen 2023 (DEIS), Eq. 17",
  stochastic: false,
  options: z.strictObject(options),
  order: ({ order }) => order,
  orderCases: [{ order: 2 }, { order: 4 }],
  measuredOrder: ({ order, lowerOrderFinal }) => loweredOrder(order, lowerOrderFinal),
  evaluations: (steps, { analyticFirstStep }) => steps - Number(analyticFirstStep),
  vectors: ({ order }) => order,
  predicts: "noise",
  sample: (run, rest) => multistepNoise(run, rest, variableStepWeights),
});

/** What diffusers calls DEIS: the polynomial is in ln(σ/α). */
export const deisLogRho = defineSolver({
  name: "deis-log-rho",
  title: "DEIS in log rho",
  source: "diffusers, DEISMultistepScheduler",
  stochastic: false,
  options: z.strictObject(options),
  order: ({ order }) => order,
  orderCases: [{ order: 2 }, { order: 4 }],
  measuredOrder: ({ order, lowerOrderFinal }) => loweredOrder(order, lowerOrderFinal),
  evaluations: (steps, { analyticFirstStep }) => steps - Number(analyticFirstStep),
  vectors: ({ order }) => order,
  predicts: "noise",
  sample: (run, rest) =>
    multistepNoise(run, rest, (steps) => {
      const { from, to } = steps[0]!;
      const nodes = steps.map((step) => -step.from.lambda);
      return lagrangeWeightsIn(Math.log, nodes, scaledSigma(from), scaledSigma(to));
    }),
});

/** diff-sampler's weights: 10,000 points with both ends, each weighed by a 10,000th of the step; they miss 1 by 1e-4. */
function riemannWeights(clock: NoiseClock, steps: readonly Step[]): number[] {
  if (steps.length === 1) return [1];
  const points = 10_000;
  const nodes = steps.map(({ from }) => clock.timeOf(scaledSigma(from)));
  const { from, to } = steps[0]!;
  const [begin, end] = [nodes[0]!, clock.timeOf(scaledSigma(to))];
  const basis = lagrangeBasis(nodes.map((t) => (t - begin) / (end - begin)));
  const sums = nodes.map(() => 0);
  for (let i = 0; i < points; i++) {
    const theta = i / (points - 1);
    const slope = clock.slope(begin + (end - begin) * theta);
    for (const [j, coefficients] of basis.entries()) sums[j]! += slope * polynomialAt(coefficients, theta);
  }
  const weight = (end - begin) / points / (scaledSigma(to) - scaledSigma(from));
  return sums.map((sum) => sum * weight);
}
