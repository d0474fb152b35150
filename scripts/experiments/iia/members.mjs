import { edmGrid, logSnrGrid } from "./common.mjs";

const onePerStep = (nfe) => nfe;
/** Heun's method takes 2N − 1 calls with a last step to zero. */
const heun = (nfe) => (nfe + 1) / 2;

const onLogSnr = { grid: logSnrGrid, stepsFor: onePerStep };
const onEdm = { grid: edmGrid, stepsFor: heun };

/** The members that are compared at equal NFE, their bases and their grids. */
export const members = [
  { base: "ddim", solver: "iia-ddim", ...onLogSnr },
  { base: "ddim", solver: "iia-ddim-guided", ...onLogSnr },
  { base: "dpm-solver++-2m", solver: "iia-dpm-solver++-2m", ...onLogSnr },
  { base: "dpm-solver++-2m", solver: "iia:dpm-solver++-2m", ...onLogSnr },
  { base: "s-pndm", solver: "iia-spndm", grid: logSnrGrid, stepsFor: (nfe) => nfe - 1 },
  { base: "ipndm", solver: "iia-ipndm", ...onLogSnr },
  { base: "unipc", solver: "iia:unipc", ...onLogSnr },
  { base: "edm-heun", solver: "biia-edm", ...onEdm },
  { base: "edm-heun", solver: "iia-edm", ...onEdm },
  { base: "edm-heun", solver: "iia:edm-heun", ...onEdm },
];

/** How far back, and how many quantities: the IIA paper's Tables 3–5 and 8. */
export const ablations = [
  ...["biia-edm", "iia-edm"].flatMap((name) =>
    [0, 1, 2].map((history) => ({ base: "edm-heun", solver: { name, history }, ...onEdm })),
  ),
  ...[1, 2].map((quantities) => ({ base: "ddim", solver: { name: "iia-ddim", quantities }, ...onLogSnr })),
];

/** A solver as a table names it. */
export function labelOf(solver) {
  const { name, ...options } = typeof solver === "string" ? { name: solver } : solver;
  return [name, ...Object.entries(options).map(([option, value]) => `${option} ${value}`)].join(", ");
}
