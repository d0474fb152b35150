import type { SolverDefinition } from "../solver.js";
import { iiaDdim, iiaDdimGuided } from "./ddim.js";
import { iiaDpmSolver2m } from "./dpm-solver.js";
import { biiaEdm, iiaEdm } from "./edm.js";
import { type IiaMember, iiaSolver } from "./member.js";
import { iiaIpndm, iiaSpndm } from "./pndm.js";
import { wrapped } from "./wrapped.js";

export { type IiaArtifact, type IiaStep, iiaJsonSchema, iiaSchema, sayable } from "./artifact.js";
export { LookAhead } from "./look-ahead.js";
export type { IiaMember, Options as IiaMemberOptions } from "./member.js";
export { adjusted, type FormStep, type Quantity, type StepForm } from "./step-form.js";

/** The members that the IIA paper names. */
export const iiaMembers: readonly IiaMember[] = [
  iiaDdim,
  iiaDdimGuided,
  iiaDpmSolver2m,
  biiaEdm,
  iiaEdm,
  iiaSpndm,
  iiaIpndm,
];

export const iiaSolvers: readonly SolverDefinition[] = iiaMembers.map(iiaSolver);

/** Names of wrapped solvers begin so. */
const prefix = "iia:";

/** A member by its name, `iia:<solver>` for any solver; undefined where the name means none. */
export function iiaMember(name: string, find: (solver: string) => SolverDefinition): IiaMember | undefined {
  const named = iiaMembers.find((member) => member.name === name);
  if (named || !name.startsWith(prefix)) return named;
  const base = name.slice(prefix.length);
  // Coefficients of coefficients mean nothing, and a long row of prefixes would fill the stack.
  return base.startsWith(prefix) ? undefined : wrapped(find(base));
}

export { iiaSolver };
