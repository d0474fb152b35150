import { parse } from "../checks/validate.js";
import type { Denoiser } from "../denoiser/index.js";
import { callsOf, type JsonRequest, modelScheduler } from "../engine/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import { findSolver } from "../solver/index.js";

/**
 * The most steps that a number of model calls allows.
 * @param request for one sample
 * @throws QuenchError INVALID_ARGUMENT where a solver decides its calls itself or cannot do with so few; whatever is
 * wrong with the request at any number of steps
 */
export async function mostSteps(
  denoiser: Denoiser,
  request: JsonRequest & { readonly solver: NonNullable<JsonRequest["solver"]> },
  nfe: number,
): Promise<number> {
  const { name, ...given } = typeof request.solver === "string" ? { name: request.solver } : request.solver;
  const claimed = claimedCalls(name, given);
  let refused: QuenchError | undefined;
  for (let steps = nfe + 3; steps >= 1; steps--) {
    // The claim is for the solver's own end of the grid and without what a request adds: a step to zero may take up to
    // three calls less.
    if (claimed(steps) > nfe + 3) continue;
    try {
      if ((await callsOf(denoiser, { ...request, steps })) <= nfe) return steps;
    } catch (error) {
      if (!(error instanceof QuenchError)) throw error;
      refused ??= error;
    }
  }
  throw (
    refused ??
    new QuenchError("INVALID_ARGUMENT", `solver "${name}" cannot do with ${nfe} model calls`, {
      where: "nfe",
    })
  );
}

function claimedCalls(name: string, given: object): (steps: number) => number {
  if (name === modelScheduler) return (steps) => steps;
  const solver = findSolver(name);
  const options = parse(solver.options, given, `solver.${name}`);
  return (steps) => {
    const calls = solver.evaluations(steps, options);
    requireArgument(
      calls !== undefined,
      "nfe",
      `solver "${name}" decides its model calls itself: give the method steps`,
    );
    return calls;
  };
}
