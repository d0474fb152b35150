import { type GridRequest, gridMaker, type ScheduleRequest } from "../schedule/index.js";
import { type Candidate, candidateFor, type SolverChoice } from "./candidate.js";
import { nameOf } from "./measure.js";
import { maker } from "./space.js";
import type { Subject } from "./subject.js";

const toZero = { schedule: "edm", final: "zero" } as const;
const entropic = { schedule: "rescaled-entropic" } as const;
const adaptive = { schedule: "las", axis: 0.3 } as const;

/** What somebody would draw with who has measured nothing, and what was best on a model measured here (docs/results.md). */
const choices: readonly (readonly [string, SolverChoice, GridRequest])[] = [
  ["ddim on edm", { name: "ddim" }, toZero],
  ["deis-tab on edm", { name: "deis-tab" }, toZero],
  ["dpm-solver++-2m on edm", { name: "dpm-solver++-2m" }, toZero],
  ["dpm-solver++-2m on log-snr", { name: "dpm-solver++-2m" }, "log-snr"],
  ["evodiff on log-snr", { name: "evodiff" }, "log-snr"],
  ["ipndm on edm", { name: "ipndm" }, toZero],
  ["re-multi-step on edm", { name: "re-multi-step" }, toZero],
  ["unipc on log-snr", { name: "unipc" }, "log-snr"],
  ["unipc order=2 on edm", { name: "unipc", order: 2 }, toZero],
  ["deis-tab on edm final=min", { name: "deis-tab" }, "edm"],
  ["dpm-solver++-2m on edm final=min", { name: "dpm-solver++-2m" }, "edm"],
  ["deis-tab on vp", { name: "deis-tab" }, "vp"],
  ["dpm-solver++-2m on vp", { name: "dpm-solver++-2m" }, "vp"],
  ["unipc on vp", { name: "unipc" }, "vp"],
];
const riskChoices: readonly (readonly [string, SolverChoice, ScheduleRequest])[] = [
  ["ddim on las", { name: "ddim" }, { schedule: "las", final: "zero" }],
  ["ipndm on las", { name: "ipndm" }, { schedule: "las", final: "zero" }],
  ["deis-tab on rescaled-entropic", { name: "deis-tab" }, { schedule: "rescaled-entropic", final: "zero" }],
  ["dpm-solver++-2m on rescaled-entropic final=min", { name: "dpm-solver++-2m" }, entropic],
  ["unipc on rescaled-entropic final=min", { name: "unipc" }, entropic],
  ["dpm-solver++-2m on las axis=0.3 final=min", { name: "dpm-solver++-2m" }, adaptive],
  ["evodiff on las axis=0.3 final=min", { name: "evodiff" }, adaptive],
];

/**
 * The choices that the metric's first round sees whatever their error: a solver that strays from the model's
 * trajectories may still draw better samples, and a preset that is behind any of these has searched for nothing.
 * @param solvers those that may be chosen
 */
export async function usualCandidates(
  subject: Subject,
  solvers: readonly SolverChoice[],
): Promise<Candidate[]> {
  const allowed = new Set(solvers.map((solver) => JSON.stringify(solver)));
  const { denoiser, risk } = subject;
  const all = [
    ...choices,
    ...(risk
      ? riskChoices.map(([origin, solver, request]) => [origin, solver, { ...request, risk }] as const)
      : []),
  ];
  const made: Candidate[] = [];
  for (const [origin, solver, request] of all) {
    if (!allowed.has(JSON.stringify(solver))) continue;
    const grid = maker(denoiser, origin, request);
    const candidate = grid && (await candidateFor(subject, solver, grid.choice, origin));
    if (candidate) made.push(candidate);
  }
  return made;
}

/** Every one of the first `count` solvers that some candidates have on every one of their first grids: those that are new. */
export async function crossed(
  subject: Subject,
  known: readonly Candidate[],
  count: number,
): Promise<Candidate[]> {
  const firstOf = (member: "solver" | "grid") => {
    const keys = known.map((one) => JSON.stringify(one[member]));
    return known.filter((_, i) => keys.indexOf(keys[i]!) === i).slice(0, count);
  };
  const names = new Set(known.map(nameOf));
  const made: Candidate[] = [];
  for (const { solver, origin } of firstOf("solver")) {
    for (const { grid, origin: other } of firstOf("grid")) {
      const make = gridMaker(subject.denoiser.process, grid);
      const on = (text: string) => text.indexOf(" on ");
      const name = origin.slice(0, on(origin)) + other.slice(on(other));
      const candidate = await candidateFor(subject, solver, make, name);
      if (!candidate || names.has(nameOf(candidate))) continue;
      names.add(nameOf(candidate));
      made.push(candidate);
    }
  }
  return made;
}
