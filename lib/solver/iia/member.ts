import type { z } from "zod";
import { defineSolver, type Run, type SolverDefinition } from "../solver.js";
import { type IiaArtifact, iiaSchema, requireCalibratedFor } from "./artifact.js";
import { LookAhead } from "./look-ahead.js";
import type { FormStep } from "./step-form.js";

export type Options = Record<string, unknown>;

/** A solver whose steps are improved by measured coefficients: what the sampler and the calibrator read. */
export interface IiaMember {
  readonly name: string;
  readonly title: string;
  /** Paper and equation. */
  readonly source: string;
  readonly base: SolverDefinition;
  /** Options besides the coefficients. */
  readonly options: z.ZodObject;
  /** The base solver's options. */
  baseOptions(options: Options): Options;
  /** Steps that quantities look back. */
  history(options: Options): number;
  /** Vectors held besides the state in a draw, one for each step looked back among them. */
  vectors(options: Options, steps: number): number;
  /** Default M: sub-steps of the base that stand for the exact step. */
  readonly substeps: number;
  /**
   * Begins a run: the function returned is called once per step, in order. Vectors that it takes need not outlive a
   * step for the quantities' sake.
   */
  start(run: Run, options: Options): FormStep;
}

/** A base solver with its own option types forgotten. */
export function asBase<O extends z.ZodObject>(definition: SolverDefinition<O>): SolverDefinition {
  return definition as unknown as SolverDefinition;
}

/** The solver that samples with a member's measured coefficients. */
export function iiaSolver(member: IiaMember): SolverDefinition {
  const { base, baseOptions, name } = member;
  const { predicts, minimumSteps, final, grid, mostEvaluations } = base;
  const solver = defineSolver({
    name,
    title: member.title,
    source: member.source,
    stochastic: false,
    options: member.options.extend({
      coefficients: iiaSchema.describe("what `quench calibrate iia` measured for this model and grid"),
    }),
    order: (options) => base.order(baseOptions(options)),
    evaluations: (steps, options) => base.evaluations(steps, baseOptions(options)),
    ...(mostEvaluations ? { mostEvaluations: (options) => mostEvaluations(baseOptions(options)) } : {}),
    vectors: member.vectors,
    predicts: typeof predicts === "function" ? (options) => predicts(baseOptions(options)) : predicts,
    ...(minimumSteps === undefined ? {} : { minimumSteps }),
    ...(final === undefined ? {} : { final }),
    ...(grid
      ? { grid: (make, steps, options, process) => grid(make, steps, baseOptions(options), process) }
      : {}),
    check(asked, { coefficients, ...options }) {
      requireCalibratedFor(coefficients as IiaArtifact, { ...asked, solver: { name, ...options } });
    },
    async *sample(run, { coefficients, ...options }) {
      const { steps } = coefficients as IiaArtifact;
      const formStep = member.start(run, options);
      const phi = steps.map(({ coefficients }) => coefficients);
      const lookAhead = new LookAhead(run, phi, member.history(options));
      let { x } = run;
      for (const step of run.steps) {
        x = lookAhead.take(x, step, await formStep(step, x));
        run.moveTo(x);
        yield step;
      }
    },
  });
  return asBase(solver);
}
