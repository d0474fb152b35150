import { z } from "zod";
import { analyticFirstStep, noiseOrAnalytic } from "../first-evaluation.js";
import { noiseStep, weightedNoiseStep } from "../first-order.js";
import { defineSolver } from "../solver.js";
import { churnOptions, churnVector, raiseNoise } from "./churn.js";

/*
 * The samplers of Karras et al. 2022 and k-diffusion on d(x/α)/dσ̃ = ε̂, σ̃ = σ/α, the same for every process: raise
 * the noise by γ, then one step of an ODE method. On the step to σ = 0 all of them are Euler's.
 */

/** Euler's method with churn; without, it is DDIM. */
export const euler = defineSolver({
  name: "euler",
  title: "Euler",
  source: "Karras et al. 2022, Algorithm 2 without its correction; k-diffusion, sample_euler",
  stochastic: ({ churn }) => churn > 0,
  options: z.strictObject({ ...churnOptions, analyticFirstStep }),
  order: () => 1,
  evaluations: (steps, { analyticFirstStep }) => steps - Number(analyticFirstStep),
  vectors: ({ churn }) => (churn > 0 ? 2 : 1),
  predicts: "noise",
  final: "zero",
  async *sample(run, options) {
    const { steps, x, combine } = run;
    const [e] = run.vectors(1);
    const z = churnVector(run, options);
    for (const given of steps) {
      const step = raiseNoise(run, given, z, options);
      await noiseOrAnalytic(run, step, e, options.analyticFirstStep && step.isFirst);
      combine(x, ...noiseStep(step, x, e));
      yield given;
    }
  },
});

/** EDM's sampler: Heun's second-order method with churn. */
export const edmHeun = defineSolver({
  name: "edm-heun",
  title: "EDM Heun",
  source: "Karras et al. 2022, Algorithms 1 and 2",
  stochastic: ({ churn }) => churn > 0,
  options: z.strictObject({ ...churnOptions, analyticFirstStep }),
  order: () => 2,
  evaluations: (steps, { analyticFirstStep }) => 2 * steps - 1 - Number(analyticFirstStep),
  vectors: ({ churn }) => (churn > 0 ? 4 : 3),
  predicts: "noise",
  final: "zero",
  async *sample(run, options) {
    const { steps, x, combine } = run;
    const [e, ahead, eAhead] = run.vectors(3);
    const z = churnVector(run, options);
    for (const given of steps) {
      const step = raiseNoise(run, given, z, options);
      await noiseOrAnalytic(run, step, e, options.analyticFirstStep && step.isFirst);
      if (step.to.sigma === 0) {
        combine(x, ...noiseStep(step, x, e));
      } else {
        combine(ahead, ...noiseStep(step, x, e));
        await run.noise(eAhead, ahead, step.to);
        combine(x, ...weightedNoiseStep(step, x, [e, eAhead], [0.5, 0.5]));
      }
      yield given;
    }
  },
});

/**
 * DPM2: a midpoint-like method whose second evaluation lies a share r of the step in log-SNR ahead:
 * y_t = y + Δ ((1 − 1/(2r)) ε̂_s + ε̂_r/(2r)), Δ = σ̃_t − σ̃_s; r = ½ takes the second alone.
 */
export const dpm2 = defineSolver({
  name: "dpm2",
  title: "DPM2",
  source: "Crowson, k-diffusion, sample_dpm_2; diff-sampler's dpm2 with its r",
  stochastic: ({ churn }) => churn > 0,
  options: z.strictObject({
    r: z.number().gt(0).max(1).default(0.5).describe("place of the second evaluation, as a share of log-SNR"),
    ...churnOptions,
    analyticFirstStep,
  }),
  order: () => 2,
  orderCases: [{ r: 0.3 }],
  evaluations: (steps, { analyticFirstStep }) => 2 * steps - 1 - Number(analyticFirstStep),
  vectors: ({ churn }) => (churn > 0 ? 4 : 3),
  predicts: "noise",
  final: "zero",
  async *sample(run, options) {
    const { steps, x, combine, process } = run;
    const { r } = options;
    const [e, ahead, eAhead] = run.vectors(3);
    const z = churnVector(run, options);
    for (const given of steps) {
      const step = raiseNoise(run, given, z, options);
      await noiseOrAnalytic(run, step, e, options.analyticFirstStep && step.isFirst);
      if (step.to.sigma === 0) {
        combine(x, ...noiseStep(step, x, e));
      } else {
        const middle = process.atLambda(step.from.lambda + r * step.h);
        combine(ahead, ...noiseStep({ from: step.from, to: middle }, x, e));
        await run.noise(eAhead, ahead, middle);
        const weight = 1 / (2 * r);
        combine(x, ...weightedNoiseStep(step, x, [e, eAhead], [1 - weight, weight]));
      }
      yield given;
    }
  },
});
