import { z } from "zod";
import type { Vector } from "../../device/index.js";
import { scaledSigma } from "../../process/index.js";
import { sharedNoiseStep } from "../adams/index.js";
import { edmHeun } from "../edm/index.js";
import { noiseStep } from "../first-order.js";
import type { Interval } from "../solver.js";
import { asBase, type IiaMember } from "./member.js";
import type { Quantity } from "./statement.js";

/** The two gradients of one Heun step in y = x/α: d(x/α)/dσ̃ = ε̂ at its start and at its Euler end. */
interface Gradients extends Interval {
  readonly e: Vector;
  readonly eAhead: Vector;
}

/** What a step, kept from now or from before, gives the step `now` in quantities. */
type QuantitiesOf = (now: Interval, kept: Gradients) => Quantity[];

/** ∆_{i−k} = (d_{i−k} + d'_{i−k+1|i−k})/2 times this step's length (IIA Eq. 13): γ_0 = 1 + φ_0, γ_k = φ_k. */
const wholeSteps: QuantitiesOf = ({ from, to }, { e, eAhead }) => {
  const half = (to.sigma - from.sigma * (to.alpha / from.alpha)) / 2;
  return [
    [
      [half, e],
      [half, eAhead],
    ],
  ];
};

/**
 * z − D = σ̃_s ε̂ and D − D' = σ̃_t (ε̂' − ε̂) (IIA Lemma 1 and Eq. 18, σ̃_s and σ̃_t of the kept step), put into x by α.
 */
const lemmaOne: QuantitiesOf = ({ to: { alpha } }, { from, to, e, eAhead }) => {
  const ahead = alpha * scaledSigma(to);
  return [
    [[alpha * scaledSigma(from), e]],
    [
      [-ahead, e],
      [ahead, eAhead],
    ],
  ];
};

/**
 * EDM's Heun sampler with coefficients before the gradients of this step and the `history` before it, two a step. The
 * second evaluation replaces its own input, for which EDM holds a vector of its own: one fewer with r = 0, one more with
 * r = 1, three more with r = 2. (Adding up the two of a step for BIIA would save r of them, at the cost of a pass.)
 */
const improvedEdm = (name: string, title: string, source: string, quantitiesOf: QuantitiesOf): IiaMember => ({
  name,
  title,
  source,
  base: asBase(edmHeun),
  baseOptions: () => edmHeun.options.parse({}),
  options: z.strictObject({
    history: z.int().min(0).max(2).default(1).describe("r: steps before this one whose gradients are used"),
  }),
  vectors: ({ history }) => 2 * ((history as number) + 1),
  substeps: 3,
  start(run, { history }) {
    const pairs = Array.from({ length: (history as number) + 1 }, () => run.vectors(2));
    const kept: Gradients[] = [];
    return async (step, x) => {
      const [e, eAhead] = pairs[step.index % pairs.length]!;
      await run.noise(e, x, step.from);
      if (step.to.sigma === 0) return { base: noiseStep(step, x, e), quantities: [] };
      run.combine(eAhead, ...noiseStep(step, x, e));
      await run.noise(eAhead, eAhead, step.to);
      kept.unshift({ from: step.from, to: step.to, e, eAhead });
      kept.length = Math.min(kept.length, pairs.length);
      return {
        base: sharedNoiseStep(step, x, [e, eAhead], [0.5, 0.5]),
        quantities: kept.flatMap((gradients) => quantitiesOf(step, gradients)),
      };
    };
  },
});

export const biiaEdm = improvedEdm(
  "biia-edm",
  "BIIA-EDM",
  "IIA (Zhang et al. 2024), Eq. 13-16 and Algorithm 2",
  wholeSteps,
);
export const iiaEdm = improvedEdm(
  "iia-edm",
  "IIA-EDM",
  "IIA (Zhang et al. 2024), Lemma 1, Eq. 18-19 and Algorithm 1",
  lemmaOne,
);
