import type { GridMaker } from "../schedule/index.js";
import { type Candidate, candidateFor, type SolverChoice } from "./candidate.js";
import { type Ranked, ranked } from "./halving.js";
import { type Meter, nameOf } from "./measure.js";
import { gridsPerSolver, type Plan } from "./plan.js";
import { type Named, probes } from "./space.js";

export interface Space {
  readonly grids: readonly Named<GridMaker>[];
  readonly solvers: readonly Named<SolverChoice>[];
}

/**
 * Ranks candidates by successive halving. Trying every solver on every grid would take most of a budget: two solvers
 * of different kinds try the grids, and all solvers are tried on those that were good for either.
 */
export async function search(
  meter: Meter,
  { grids, solvers }: Space,
  plan: Plan,
  onSolvers: () => void,
): Promise<{ readonly best: readonly Ranked[]; readonly tried: number }> {
  const thin = <T>(all: readonly T[]) => all.filter((_, i) => i % plan.thinning === 0);
  const probing = probesOf(solvers);
  const good = new Set<Named<GridMaker>>();
  const pool: Ranked[] = [];
  for (const solver of probing) {
    const tried = await tryAll(meter, [solver], thin(grids), plan.first);
    for (const { grid } of tried.slice(0, gridsPerSolver / probing.length)) good.add(grid);
    pool.push(...tried);
  }
  onSolvers();
  const rest = thin(solvers.filter((solver) => !probing.includes(solver)));
  pool.push(...(await tryAll(meter, rest, [...good], plan.first)));
  let best: readonly Ranked[] = different(await ranked(meter, pool, plan.first));
  for (const { count, samples } of plan.ladder) best = await ranked(meter, survivors(best, count), samples);
  return { best, tried: pool.length };
}

/** Of solvers that are the same by other names, which shows in the last bit of their errors, the first. */
function different(all: readonly Ranked[]): Ranked[] {
  return [...new Map(all.toReversed().map((one) => [one.squares.join(), one])).values()].toReversed();
}

/**
 * The best of every solver's name, and the best of the others up to a count: a solver whose errors are larger may still
 * draw better samples, which is for the finals to find out.
 */
export function survivors(best: readonly Ranked[], count: number): Ranked[] {
  const nameOf = ({ candidate }: Ranked) => candidate.solver.name;
  const first = best.filter((one, i) => best.findIndex((other) => nameOf(other) === nameOf(one)) === i);
  const others = best.filter((one) => !first.includes(one)).slice(0, Math.max(0, count - first.length));
  return [...first, ...others];
}

/** The first choice of each probe; of a list without them, its first. */
function probesOf(solvers: Space["solvers"]): Named<SolverChoice>[] {
  const known = probes.flatMap((probe) => solvers.find(({ choice }) => choice.name === probe) ?? []);
  return known.length > 0 ? known : solvers.slice(0, 1);
}

/** The first measurements of solvers on grids, least error first; of candidates that are the same, one. */
async function tryAll(
  meter: Meter,
  solvers: Space["solvers"],
  grids: Space["grids"],
  samples: number,
): Promise<(Ranked & { readonly grid: Named<GridMaker> })[]> {
  const made = new Map<string, { candidate: Candidate; grid: Named<GridMaker> }>();
  for (const { name, choice } of solvers) {
    for (const grid of grids) {
      const candidate = await candidateFor(meter.subject, choice, grid.choice, `${name} on ${grid.name}`);
      const key = candidate && nameOf(candidate);
      if (candidate && key && !made.has(key)) made.set(key, { candidate, grid });
    }
  }
  const entries = [...made.values()];
  const gridOf = new Map(entries.map(({ candidate, grid }) => [candidate, grid]));
  const measured = await ranked(
    meter,
    entries.map(({ candidate }) => ({ candidate, squares: [] })),
    samples,
  );
  return measured.map((one) => ({ ...one, grid: gridOf.get(one.candidate)! }));
}
