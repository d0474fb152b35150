import { z } from "zod";
import { QuenchError } from "../../errors.js";
import type { Level, PredictionForm } from "../../process/index.js";
import type { Correction } from "../exponential-step.js";
import { defineSolver, type Run, type Step } from "../solver.js";
import { correction, solverName, solverTitle } from "./options.js";
import { evaluateStages, finalTerms, type Order, type Stages } from "./stages.js";

interface Adaptive {
  readonly prediction: PredictionForm;
  readonly order: 2 | 3;
  readonly correction: Correction;
  readonly absoluteTolerance: number;
  readonly relativeTolerance: number;
  readonly firstStep: number;
  readonly safety: number;
  readonly maximumGrowth: number;
  readonly endTolerance: number;
  readonly maximumEvaluations: number;
}

/** Steps in λ below this cannot help: the tolerance is beneath what the dtype or the model resolves. */
const smallestStep = 1e-9;

/** Standard deviation of a state of unit-variance data: 1 on VP processes, which the tolerances are made for. */
const unit = ({ alpha, sigma }: Level) => Math.hypot(alpha, sigma);

/**
 * DPM-Solver-12 and -23 (Lu et al. 2022a, App. C): a step of order p and an embedded one of order p − 1 that shares
 * its evaluations; their distance E in units of the tolerance accepts the step and sets the next,
 * h ← θ h E^{−1/p}. A rejected step keeps its prediction at s. E is measured in x/√(α² + σ²), where every process is
 * variance preserving: 5% of a state that is all noise, σ = 80, would be many times the data.
 */
async function* adaptive(run: Run, options: Adaptive): AsyncGenerator<Step, void> {
  const { process, grid, x, combine } = run;
  const { prediction, order, correction, safety } = options;
  let [lower, higher, before] = run.vectors(3);
  const predictions = run.vectors(order);
  const [start, end, clean] = grid.levels as [Level, Level, Level?];
  const at = (i: number, from: Level, h: number) => process.atLambda(from.lambda + (i * h) / order);
  combine(before, [1, x]);
  let from = start;
  let h = Math.min(options.firstStep, end.lambda - start.lambda);
  let index = 0;
  let known = false;
  let scale = unit(start);
  const spend = budget(options.maximumEvaluations);
  while (Math.abs(from.t - end.t) > options.endTolerance) {
    const nodes = Array.from({ length: order }, (_, i) => (i === 0 ? from : at(i, from, h)));
    const to = at(order, from, h);
    const stages: Stages = { x, from, predictions, lambdas: nodes.map(({ lambda }) => lambda) };
    spend(order - (known ? 1 : 0), from);
    await evaluateStages(run, prediction, stages, nodes, known ? 1 : 0);
    known = true;
    combine(lower, ...finalTerms(prediction, stages, to, (order - 1) as Order, correction));
    combine(higher, ...finalTerms(prediction, stages, to, order, correction));
    combine(before, [unit(to) / scale, before]);
    scale = unit(to);
    const tolerance = { absolute: options.absoluteTolerance * scale, relative: options.relativeTolerance };
    const errors = run.scaledErrors(higher, lower, before, tolerance);
    const error = errors.reduce((a, b) => Math.max(a, b));
    if (error <= 1) {
      const step = { index: index++, from, to, h, isFirst: from === start, isLast: false };
      combine(x, [1, higher]);
      [before, lower] = [lower, before];
      from = to;
      known = false;
      yield step;
    }
    // The factor is rounded to single precision in the published code, which lets steps grow without limit: the same
    // trajectories with a `maximumGrowth` that never counts.
    const allowed = safety * h * Math.fround(error ** (-1 / order));
    h = Math.min(allowed, options.maximumGrowth * h, end.lambda - from.lambda);
    if (!(h > smallestStep || Math.abs(from.t - end.t) <= options.endTolerance)) {
      throw new QuenchError("INVALID_ARGUMENT", `the tolerance cannot be met at t = ${from.t}: raise it`, {
        where: "solver.relativeTolerance",
      });
    }
  }
  if (clean) {
    spend(1, from);
    await run[prediction](predictions[0]!, x, from);
    const stages: Stages = { x, from, predictions, lambdas: [from.lambda] };
    combine(x, ...finalTerms(prediction, stages, clean, 1, correction));
    yield { index, from, to: clean, h: Infinity, isFirst: false, isLast: true };
  }
}

/** Counts evaluations. A tolerance that takes thousands of steps is found to be one before they are all done. */
function budget(maximum: number): (count: number, at: Level) => void {
  let spent = 0;
  return (count, { t }) => {
    spent += count;
    if (spent <= maximum) return;
    throw new QuenchError(
      "INVALID_ARGUMENT",
      `more than ${maximum} model evaluations are needed, at t = ${t}: raise them or the tolerance`,
      { where: "solver.maximumEvaluations" },
    );
  };
}

const definition = (prediction: PredictionForm, order: 2 | 3) =>
  defineSolver({
    name: `${solverName(prediction)}-${order === 2 ? "12" : "23"}`,
    title: `${solverTitle(prediction)} ${order === 2 ? "12" : "23"} (adaptive)`,
    source: "Lu et al. 2022a, App. C",
    stochastic: false,
    options: z.strictObject({
      absoluteTolerance: z
        .number()
        .positive()
        .default(0.0078)
        .describe("error allowed per element of x/sqrt(alpha^2 + sigma^2): two 8-bit grey levels are 2/256"),
      relativeTolerance: z
        .number()
        .positive()
        .default(0.05)
        .describe("error allowed relative to the element"),
      firstStep: z.number().positive().default(0.05).describe("first step in half-log-SNR"),
      safety: z
        .number()
        .positive()
        .lt(1)
        .default(0.9)
        .describe("theta: share of the step that the error allows"),
      maximumGrowth: z
        .number()
        .gt(1)
        .default(5)
        .describe(
          "longest next step, in steps: where both orders are alike by chance, published code takes the whole range as one",
        ),
      endTolerance: z
        .number()
        .positive()
        .default(1e-5)
        .describe("done when this close, in process time, to the end"),
      maximumEvaluations: z
        .int()
        .min(1)
        .max(100_000)
        .default(1000)
        .describe("model evaluations of a sample after which to give up with an error"),
      errorNorm: z
        .enum(["sample", "batch"])
        .default("sample")
        .describe(
          "every sample its own steps, or all the steps of the worst (upstream): samples then depend on their batch",
        ),
      correction,
    }),
    order: () => order,
    evaluations: () => undefined,
    mostEvaluations: ({ maximumEvaluations }) => maximumEvaluations,
    vectors: () => order + 3,
    predicts: prediction,
    perSample: ({ errorNorm }) => errorNorm === "sample",
    // Only the ends matter: the solver places its own steps, and `steps` of the request has no effect.
    grid: (make) => make(make.toZero ? 2 : 1),
    sample: (run, { errorNorm: _, ...options }) => adaptive(run, { prediction, order, ...options }),
  });

export const dpmSolverAdaptive = (["noise", "data"] as const).flatMap((prediction) => [
  definition(prediction, 2),
  definition(prediction, 3),
]);
