import type { Denoiser, GridRequest } from "../../lib/index.js";
import { isStochastic, runsPerSample, solvers } from "../../lib/solver/index.js";
import { edmWorld, vpWorld } from "./worlds.js";

export interface Case {
  readonly name: string;
  readonly solver: string | { readonly name: string; readonly [option: string]: unknown };
  readonly denoiser: Denoiser;
  readonly grid: GridRequest;
}

export const steps = 6;
const vp = { denoiser: vpWorld, grid: { schedule: "log-snr", sigmaMin: 0.02 } } as const;
const ve = { denoiser: edmWorld, grid: { schedule: "edm", final: "zero" } } as const;

/** Every member that the IIA paper names, in all its forms, and some wrapped solvers. */
export const cases: readonly Case[] = [
  { ...vp, name: "iia-ddim", solver: "iia-ddim" },
  { ...vp, name: "iia-ddim", solver: { name: "iia-ddim", quantities: 1 } },
  { ...vp, name: "iia-ddim-guided", solver: "iia-ddim-guided" },
  { ...vp, name: "iia-dpm-solver++-2m", solver: "iia-dpm-solver++-2m" },
  ...[0, 1, 2].map((history) => ({ ...ve, name: "biia-edm", solver: { name: "biia-edm", history } })),
  ...[0, 1, 2].map((history) => ({ ...ve, name: "iia-edm", solver: { name: "iia-edm", history } })),
  { ...vp, name: "iia-spndm", solver: "iia-spndm" },
  { ...vp, name: "iia-ipndm", solver: "iia-ipndm" },
  { ...vp, name: "iia:unipc", solver: { name: "unipc", order: 3 } },
  { ...vp, name: "iia:dpm-solver++-3m", solver: "dpm-solver++-3m" },
];

/** Deterministic solvers that run with their defaults, from level to level and without control of their own error. */
export function wrappable(): string[] {
  return [...solvers.values()]
    .filter((solver) => {
      const { success, data } = solver.options.safeParse({});
      return (
        success &&
        !isStochastic(solver, data) &&
        !runsPerSample(solver, data) &&
        !solver.name.startsWith("diffusers") &&
        // Their steps do not go from level to level, or end with an evaluation.
        !["pndm-diffusers", "re-multi-step"].includes(solver.name)
      );
    })
    .map(({ name }) => name);
}
