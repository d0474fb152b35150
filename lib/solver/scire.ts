import { z } from "zod";
import type { Vector } from "../device/index.js";
import type { Level, PredictionForm, Process } from "../process/index.js";
import { defineSolver, type Interval, type Run, type Step, type Term } from "./solver.js";

const options = {
  prediction: z.enum(["noise", "data"]).default("noise").describe("which form of the ODE is stepped"),
  differenceTerms: z
    .int()
    .min(1)
    .max(20)
    .default(20)
    .describe(
      "terms m of phi(m) = 1 - 1/2! + 1/3! - ..., which divides differences: 20 is its limit (e - 1)/e, 1 is plain finite differences",
    ),
};

/**
 * φ(m) = Σ_{k≤m} (−1)^{k−1}/k!, by which SciRE-Solver's recursive difference divides a finite difference. Only φ(1) = 1
 * keeps the order of the underlying method: with other values the derivative term is off by a constant factor.
 */
function differenceScale(terms: number): number {
  let [sum, term] = [0, -1];
  for (let k = 1; k <= terms; k++) {
    term /= -k;
    sum += term;
  }
  return sum;
}

/** k of the ODE dy/dk = p: of noise y = x/α, k = σ/α, p = ε̂; of data y = x/σ, k = α/σ, p = x̂_0. */
function variable(form: PredictionForm, { alpha, sigma }: Level): number {
  return form === "noise" ? sigma / alpha : alpha / sigma;
}

/** The level a share of a step ahead in k. */
function inner(process: Process, form: PredictionForm, { from, to }: Interval, share: number): Level {
  const k = variable(form, from) + share * (variable(form, to) - variable(form, from));
  return process.atLambda(form === "noise" ? -Math.log(k) : Math.log(k));
}

/** x at `to` for y_t = y + Δk Σ w_j p_j. Neither form divides by what is zero on a step to σ = 0. */
function terms(
  form: PredictionForm,
  { from, to }: Interval,
  x: Vector,
  weighted: readonly [number, Vector][],
): Term[] {
  const keep = form === "noise" ? to.alpha / from.alpha : to.sigma / from.sigma;
  const along = form === "noise" ? to.sigma - from.sigma * keep : to.alpha - from.alpha * keep;
  return [[keep, x], ...weighted.map(([weight, p]): Term => [along * weight, p])];
}

/** Single steps of 2 or 3 calls with nodes at halves or thirds in k; a step to σ = 0 is of first order. */
async function* singleStep(
  run: Run,
  calls: 2 | 3,
  form: PredictionForm,
  differenceTerms: number,
): AsyncGenerator<Step, void> {
  const { process, steps, x, combine } = run;
  const phi = differenceScale(differenceTerms);
  const [p, ...atNodes] = run.vectors(calls);
  for (const step of steps) {
    await run[form](p, x, step.from);
    if (step.to.sigma === 0) {
      combine(x, ...terms(form, step, x, [[1, p]]));
    } else {
      const shares = calls === 2 ? [1 / 2] : [1 / 3, 2 / 3];
      for (const [i, share] of shares.entries()) {
        const into = atNodes[i]!;
        const to = inner(process, form, step, share);
        // r₂ h m + r₂ h/(2 r₁ φ) (m_{s1} − m) for the second node.
        const weight = i === 0 ? 0 : 1 / (2 * shares[0]! * phi);
        const weighted: [number, Vector][] = [[1 - weight, p]];
        if (i > 0) weighted.push([weight, atNodes[0]]);
        combine(into, ...terms(form, { from: step.from, to }, x, weighted));
        await run[form](into, into, to);
      }
      const weight = 1 / (2 * shares.at(-1)! * phi);
      combine(
        x,
        ...terms(form, step, x, [
          [1 - weight, p],
          [weight, atNodes.at(-1)!],
        ]),
      );
    }
    yield step;
  }
}

const source = "Li et al. 2023 (SciRE-Solver)";
const reason = "phi(m) other than 1 scales the derivative by a constant";

export const scire2 = defineSolver({
  name: "scire-2",
  title: "SciRE-Solver 2",
  source: `${source}, Algorithm 2`,
  stochastic: false,
  options: z.strictObject(options),
  order: () => 2,
  orderCases: [{ differenceTerms: 1 }, { prediction: "data", differenceTerms: 1 }],
  measuredOrder: ({ differenceTerms }) => (differenceTerms > 1 ? { order: 1, reason } : undefined),
  evaluations: (steps) => 2 * steps,
  vectors: () => 2,
  predicts: ({ prediction }) => prediction,
  sample: (run, { prediction, differenceTerms }) => singleStep(run, 2, prediction, differenceTerms),
});

export const scire3 = defineSolver({
  name: "scire-3",
  title: "SciRE-Solver 3",
  source: `${source}, Algorithm 3`,
  stochastic: false,
  options: z.strictObject(options),
  order: () => 3,
  orderCases: [{ differenceTerms: 1 }],
  measuredOrder: ({ differenceTerms }) =>
    differenceTerms > 1
      ? { order: 1, reason }
      : { order: 2, reason: "the second node's derivative term lacks a factor r_2, as in the paper" },
  evaluations: (steps) => 3 * steps,
  vectors: () => 3,
  predicts: ({ prediction }) => prediction,
  sample: (run, { prediction, differenceTerms }) => singleStep(run, 3, prediction, differenceTerms),
});

/** The two-step method: y + h m0 + h/(2 φ r)(m0 − m1), r the ratio of the steps in log-SNR as released. */
export const scire2m = defineSolver({
  name: "scire-2m",
  title: "SciRE-Solver 2M",
  source: `${source}, multi-step; the authors' code`,
  stochastic: false,
  options: z.strictObject(options),
  order: () => 2,
  orderCases: [{ differenceTerms: 1 }],
  measuredOrder: ({ differenceTerms }) => (differenceTerms > 1 ? { order: 1, reason } : undefined),
  evaluations: (steps) => steps,
  vectors: () => 2,
  predicts: ({ prediction }) => prediction,
  async *sample(run, { prediction, differenceTerms }) {
    const { steps, x, combine } = run;
    const phi = differenceScale(differenceTerms);
    let [m0, m1] = run.vectors(2);
    let previous: Step | undefined;
    for (const step of steps) {
      [m0, m1] = [m1, m0];
      await run[prediction](m0, x, step.from);
      const weight = previous && step.to.sigma > 0 ? step.h / (2 * phi * previous.h) : 0;
      const weighted: [number, Vector][] = [[1 + weight, m0]];
      if (weight !== 0) weighted.push([-weight, m1]);
      combine(x, ...terms(prediction, step, x, weighted));
      previous = step;
      yield step;
    }
  },
});

export const scireSolvers = [scire2, scire3, scire2m] as const;
