import { received } from "../checks/received.js";
import { requireArgument, unknownName } from "../errors.js";
import { adamsSolvers } from "./adams/index.js";
import { ancestralSolvers } from "./ancestral/index.js";
import { ddim } from "./ddim.js";
import { diffusersSolvers } from "./diffusers/index.js";
import { dpmSolvers } from "./dpm-solver/index.js";
import { dpmSolverV3 } from "./dpm-solver-v3/index.js";
import { edmSolvers } from "./edm/index.js";
import { iiaMember, iiaSolver, iiaSolvers } from "./iia/index.js";
import { ourName } from "./other-names.js";
import { reducedEntropySolvers } from "./reduced-entropy/index.js";
import { scireSolvers } from "./scire.js";
import type { SolverDefinition } from "./solver.js";
import { unipc } from "./unipc/unipc.js";

/** Every solver, in the order the documentation lists them. The CLI, the docs and the tests all read this table. */
const table = [
  ddim,
  ...edmSolvers,
  ...ancestralSolvers,
  ...adamsSolvers,
  ...dpmSolvers,
  unipc,
  ...scireSolvers,
  dpmSolverV3,
  ...reducedEntropySolvers,
  ...iiaSolvers,
  ...diffusersSolvers,
] as unknown as readonly SolverDefinition[];

export const solvers: ReadonlyMap<string, SolverDefinition> = new Map(
  table.map((solver) => [solver.name, solver]),
);

/**
 * A solver by its name, or `iia:<solver>`: any deterministic one with measured coefficients.
 * @throws QuenchError UNKNOWN_NAME, with the nearest name.
 */
export function findSolver(name: string): SolverDefinition {
  requireArgument(typeof name === "string", "solver", () => `expected a name, received ${received(name)}`);
  const solver = solvers.get(name) ?? wrappedSolver(name);
  if (!solver) {
    const known = [...solvers.keys()];
    throw unknownName("solver", name, known, { where: "solver", meant: ourName(name, known) });
  }
  return solver;
}

function wrappedSolver(name: string): SolverDefinition | undefined {
  const member = iiaMember(name, findSolver);
  return member && iiaSolver(member);
}
