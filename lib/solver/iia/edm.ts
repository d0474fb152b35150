import { z } from "zod";
import type { Vector } from "../../device/index.js";
import { scaledSigma } from "../../process/index.js";
import { edmHeun } from "../edm/index.js";
import { noiseStep, weightedNoiseStep } from "../first-order.js";
import type { Interval } from "../solver.js";
import { asBase, type IiaMember } from "./member.js";
import type { Quantity } from "./step-form.js";

/** The two gradients of one Heun step in y = x/α: d(x/α)/dσ̃ = ε̂ at its start and at its Euler end. */
interface Gradients extends Interval {
  readonly e: Vector;
  readonly eAhead: Vector;
}

/** What a step, this one or one before it, gives the step `now` in quantities. */
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
 * z − D = σ̃_s ε̂ and D − D' = σ̃_t (ε̂' − ε̂) (IIA Lemma 1 and Eq. 18, σ̃_s and σ̃_t of the kept step), put into x by
 * α.
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
 * EDM's Heun sampler with coefficients before the gradients of this step and the `history` before it, two a step for
 * IIA-EDM. The second evaluation replaces its own input, for which EDM holds a vector of its own.
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
  history: ({ history }) => history as number,
  vectors: ({ history }) => 2 + (history as number),
  substeps: 3,
  start(run, { history }) {
    const [e, eAhead] = run.vectors(2);
    return async (step, x) => {
      const { from, to, index } = step;
      await run.noise(e, x, from);
      if (to.sigma === 0) return { base: noiseStep(step, x, e), quantities: [] };
      run.combine(eAhead, ...noiseStep(step, x, e));
      await run.noise(eAhead, eAhead, to);
      const gradients = { from, to, e, eAhead };
      const own = quantitiesOf(step, gradients);
      const nothing = (steps: number) => Array.from({ length: steps * own.length }, (): Quantity => []);
      return {
        base: weightedNoiseStep(step, x, [e, eAhead], [0.5, 0.5]),
        quantities: [...own, ...nothing(Math.min(index, history as number))],
        ahead: (later) => [...nothing(later.index - index), ...quantitiesOf(later, gradients)],
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
