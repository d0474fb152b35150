import { z } from "zod";
import type { PredictionForm } from "../../process/index.js";
import {
  type Correction,
  type ExponentialStep,
  exponentialStep,
  interpolationWeights,
  secondOrderMoments,
} from "../exponential-step.js";
import { type LowerOrderFinal, multistepOrder, PredictionHistory } from "../prediction-history.js";
import { defineSolver, type Run, type Step } from "../solver.js";
import {
  correction,
  halvedDerivative,
  loweredOrder,
  lowerOrderFinal,
  solverName,
  solverTitle,
} from "./options.js";

/** What third-order steps put in place of the moment of the second derivative. */
type SecondMoment = (step: ExponentialStep, alpha: number) => number;

/**
 * The exact second moment, and the released codes': they take the divided difference (m0, m1, m2), which is half the
 * second derivative, for all of it, and the method is then second order. "diffusers" is the SDE's coefficient there,
 * with −½ where +½ is right.
 */
export const secondMoments = {
  exact: (step) => step.moment(2),
  released: (step) => step.moment(2) / 2,
  diffusers: (step, alpha) => (step.moment(2) - alpha) / 2,
} satisfies Record<string, SecondMoment>;

interface Multistep {
  readonly prediction: PredictionForm;
  readonly order: number;
  readonly correction: Correction;
  readonly lowerOrderFinal: LowerOrderFinal;
  readonly secondMoment: SecondMoment;
  /** Share of SDE noise, and what it is multiplied by. */
  readonly eta: number;
  readonly noiseScale: number;
}

/**
 * All multistep DPM-Solvers: one evaluation and one combine a step over the latest predictions. The first steps are of
 * lower order: their error does not show where sampling starts, as predictions hardly change there.
 */
export async function* multistep(run: Run, options: Multistep): AsyncGenerator<Step, void> {
  const { steps, x, combine } = run;
  const { prediction, order } = options;
  const history = new PredictionHistory(run.vectors(order));
  const z = options.eta > 0 ? run.vectors(1)[0] : undefined;
  for (const step of steps) {
    await run[prediction](history.next(step.from), x, step.from);
    const exact = exponentialStep(prediction, step.from, step.to, options.eta);
    const nodes = history.nodes(multistepOrder(step, steps.length, order, options.lowerOrderFinal), step);
    const terms = history.terms(interpolationWeights(nodes, moments(exact, nodes.length, step, options)));
    if (z && exact.fresh > 0) {
      run.normals(z);
      terms.push([exact.fresh * options.noiseScale, z]);
    }
    combine(x, [exact.keep, x], ...terms);
    yield step;
  }
}

function moments(
  exact: ExponentialStep,
  order: number,
  { to }: Step,
  { correction, secondMoment }: Multistep,
): number[] {
  if (order === 1) return [exact.moment(0)];
  if (order === 2) return secondOrderMoments(exact, correction);
  return [exact.moment(0), exact.moment(1), secondMoment(exact, to.alpha)];
}

const ode = { eta: 0, noiseScale: 1 };

/** DPM-Solver-1 and DPM-Solver++ 1S = 1M: DDIM in half-log-SNR. */
const firstOrder = (prediction: PredictionForm) =>
  defineSolver({
    name: `${solverName(prediction)}-1`,
    title: `${solverTitle(prediction)} 1`,
    source: prediction === "data" ? "Lu et al. 2022b, Sec. 4" : "Lu et al. 2022a, Eq. 3.7",
    stochastic: false,
    options: z.strictObject({}),
    order: () => 1,
    evaluations: (steps) => steps,
    vectors: () => 1,
    predicts: prediction,
    fromPureNoise: prediction === "data",
    sample: (run) =>
      multistep(run, {
        prediction,
        order: 1,
        correction: "midpoint",
        lowerOrderFinal: false,
        secondMoment: secondMoments.exact,
        ...ode,
      }),
  });

/** DPM-Solver++ 2M and its sibling in noise prediction. */
const secondOrder = (prediction: PredictionForm) =>
  defineSolver({
    name: `${solverName(prediction)}-2m`,
    title: `${solverTitle(prediction)} 2M`,
    source:
      prediction === "data"
        ? "Lu et al. 2022b, Algorithm 2"
        : "Lu et al. 2022b, Algorithm 2; the official code's noise form",
    stochastic: false,
    options: z.strictObject({ correction, lowerOrderFinal }),
    order: () => 2,
    evaluations: (steps) => steps,
    vectors: () => 2,
    predicts: prediction,
    fromPureNoise: prediction === "data",
    sample: (run, options) =>
      multistep(run, { prediction, order: 2, secondMoment: secondMoments.exact, ...ode, ...options }),
  });

/** DPM-Solver++ 3M and its sibling in noise prediction. */
const thirdOrder = (prediction: PredictionForm) =>
  defineSolver({
    name: `${solverName(prediction)}-3m`,
    title: `${solverTitle(prediction)} 3M`,
    source: "the official DPM-Solver code; second derivative corrected",
    stochastic: false,
    options: z.strictObject({
      variant: z
        .enum(["exact", "released"])
        .default("exact")
        .describe("weight of the second derivative: right, or halved as in the published code (order 2)"),
      correction: correction.describe(
        "as in 2M, for the second-order steps at the start and end: half the first-order term, or exact",
      ),
      lowerOrderFinal,
    }),
    order: () => 3,
    measuredOrder: ({ variant, lowerOrderFinal }) =>
      variant === "released" ? halvedDerivative : loweredOrder(3, lowerOrderFinal),
    orderCases: [{ lowerOrderFinal: false }, { variant: "released", lowerOrderFinal: false }],
    evaluations: (steps) => steps,
    vectors: () => 3,
    predicts: prediction,
    fromPureNoise: prediction === "data",
    sample: (run, { variant, ...options }) =>
      multistep(run, { prediction, order: 3, secondMoment: secondMoments[variant], ...ode, ...options }),
  });

export const dpmSolverPlusPlus2m = secondOrder("data");

export const dpmSolverMultistep = [
  firstOrder("noise"),
  secondOrder("noise"),
  thirdOrder("noise"),
  firstOrder("data"),
  dpmSolverPlusPlus2m,
  thirdOrder("data"),
] as const;
