import type { Denoiser } from "../../denoiser/index.js";
import { type ResolvedRequest, resolveRequest } from "../../engine/index.js";
import {
  type IiaMember,
  iiaMembers,
  LookAhead,
  type Run,
  runsPerSample,
  type SolverDefinition,
  type Step,
} from "../../solver/index.js";
import { requiredOptions } from "./required-options.js";

/** A solver about to be measured. */
export interface StepCase {
  readonly name: string;
  readonly request: ResolvedRequest;
  /** Where each sample runs by itself, one is measured. */
  readonly perSample: boolean;
  sample(run: Run): AsyncGenerator<Step, void>;
}

/** A solver with its defaults, on a model. */
export function stepCase(
  denoiser: Denoiser,
  solver: SolverDefinition,
  rows: number,
  steps: number,
): StepCase {
  const { name } = solver;
  const member = iiaMembers.find((iia) => iia.name === name);
  // IIA samples on its base's grid.
  const definition = member ? member.base : solver;
  const request = (count: number) =>
    resolveRequest(denoiser, {
      solver: { name: definition.name, ...requiredOptions(definition, denoiser) },
      steps,
      count,
    });
  const whole = request(rows);
  const perSample = runsPerSample(solver, whole.options);
  return {
    name,
    request: perSample ? request(1) : whole,
    perSample,
    sample(run) {
      if (!member) return solver.sample(run, whole.options);
      return withAnyCoefficients(run, member);
    },
  };
}

/** What IIA's solvers do, with coefficients that are no model's: a step costs the same whatever they are. */
async function* withAnyCoefficients(run: Run, member: IiaMember) {
  const options = member.options.parse({});
  const formStep = member.start(run, options);
  const any = (count: number) => new Array<number>(count).fill(1e-3);
  const phi = run.steps.map(({ to }) => any(to.sigma === 0 ? 0 : most));
  const lookAhead = new LookAhead(run, phi, member.history(options));
  let { x } = run;
  for (const step of run.steps) {
    const form = await formStep(step, x);
    phi[step.index] = any(form.quantities.length);
    x = lookAhead.take(x, step, form);
    run.moveTo(x);
    yield step;
  }
}

/** No member has more quantities in a step. */
const most = 6;
