import { z } from "zod";
import { type Level, type Process, scaledSigma } from "../process/index.js";
import { dataStep } from "./first-order.js";
import { defineSolver, type Step } from "./solver.js";

/**
 * EDM's stochastic sampler (Karras et al. 2022, Algorithm 2) in the scaled variables y = x/α, σ̃ = σ/α, where it
 * is the same for every process: raise the noise by γ, then Heun's second-order step; Euler on the step to zero.
 */
export const edmHeun = defineSolver({
  name: "edm-heun",
  title: "EDM Heun",
  source: "Karras et al. 2022, Algorithms 1 and 2",
  stochastic: ({ churn }) => churn > 0,
  options: z.strictObject({
    churn: z.number().nonnegative().default(0).describe("S_churn: noise added over all steps; 0 is the ODE"),
    churnMin: z.number().nonnegative().default(0).describe("S_min: no noise is added below this level"),
    churnMax: z.number().positive().default(Infinity).describe("S_max: no noise is added above this level"),
    churnNoise: z.number().positive().default(1).describe("S_noise: standard deviation of the added noise"),
  }),
  order: () => 2,
  evaluations: (steps) => 2 * steps - 1,
  vectors: ({ churn }) => (churn > 0 ? 4 : 3),
  predicts: "data",
  final: "zero",
  async *sample({ process, steps, x, vectors, data, combine, normals }, options) {
    const [m, ahead, mAhead] = vectors(3);
    const z = options.churn > 0 ? vectors(1)[0] : undefined;
    for (const given of steps) {
      let step = given;
      if (z) {
        normals(z);
        step = { ...given, from: churned(process, given.from, steps.length, options) };
        combine(
          x,
          [step.from.alpha / given.from.alpha, x],
          [addedNoise(given.from, step.from) * options.churnNoise, z],
        );
      }
      await data(m, x, step.from);
      if (step.to.sigma === 0) {
        combine(x, ...dataStep(step, x, m));
      } else {
        combine(ahead, ...dataStep(step, x, m));
        await data(mAhead, ahead, step.to);
        const { atStart, atEnd, scale } = heun(step);
        combine(
          x,
          [scale * (1 + atStart), x],
          [-step.to.alpha * atStart, m],
          [atEnd, ahead],
          [-step.to.alpha * atEnd, mAhead],
        );
      }
      yield given;
    }
  },
});

/** y_t = y + ½Δ (y − m_s)/σ̃_s + ½Δ (ŷ − m_t)/σ̃_t with Δ = σ̃_t − σ̃_s, as coefficients on x. */
function heun({ from, to }: Step): { atStart: number; atEnd: number; scale: number } {
  const halfDelta = (scaledSigma(to) - scaledSigma(from)) / 2;
  return {
    atStart: halfDelta / scaledSigma(from),
    atEnd: halfDelta / scaledSigma(to),
    scale: to.alpha / from.alpha,
  };
}

interface Churn {
  readonly churn: number;
  readonly churnMin: number;
  readonly churnMax: number;
}

/** The level σ̂ = σ + γ σ with γ = min(S_churn/N, √2 − 1) inside [S_min, S_max] (Algorithm 2, lines 3–5). */
export function churned(
  process: Process,
  from: Level,
  steps: number,
  { churn, churnMin, churnMax }: Churn,
): Level {
  const sigma = scaledSigma(from);
  const gamma = sigma >= churnMin && sigma <= churnMax ? Math.min(churn / steps, Math.SQRT2 - 1) : 0;
  return gamma === 0 ? from : process.atLambda(-Math.log(sigma * (1 + gamma)));
}

/** Standard deviation, in x at the raised level, of the noise that lifts one level to the other. */
export function addedNoise(from: Level, raised: Level): number {
  const [low, high] = [scaledSigma(from), scaledSigma(raised)];
  return raised.alpha * Math.sqrt(Math.max(0, high * high - low * low));
}
