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

/**
 * What is measured together, by the name that `frechet.mjs --set` takes.
 *   members  {base, solver (left out: the base alone), substeps, grid, stepsFor: calls => steps}
 *   nfe      model calls, in the order in which they are measured
 */
export const sets = {
  members: { members, nfe: [11, 5, 25, 7, 15] },
  /** The paper's Tables 3 and 5. */
  history: {
    members: ["biia-edm", "iia-edm"].flatMap((name) =>
      [0, 1, 2].map((history) => ({ base: "edm-heun", solver: { name, history }, ...onEdm })),
    ),
    nfe: [11, 13, 15, 19],
  },
  /** Its Table 6. */
  substeps: {
    members: [3, 10, 20, 50].map((substeps) => ({
      ...{ base: "edm-heun", solver: { name: "iia-edm", history: 1 }, substeps },
      ...onEdm,
    })),
    nfe: [11, 19],
  },
  /** Its Table 8. */
  quantities: {
    members: [1, 2].map((quantities) => ({
      ...{ base: "ddim", solver: { name: "iia-ddim", quantities } },
      ...onLogSnr,
    })),
    nfe: [10, 20, 40],
  },
  /** Its Table 1, guided. */
  "text-to-image": {
    members: [
      { base: "ddim", solver: "iia-ddim-guided", ...onLogSnr },
      { base: "dpm-solver++-2m", solver: "iia-dpm-solver++-2m", ...onLogSnr },
      // Its first step takes two calls.
      { base: "plms", grid: logSnrGrid, stepsFor: (nfe) => nfe - 1 },
    ],
    nfe: [10, 20, 30, 40],
  },
};

/** A solver as a table names it. */
export function labelOf(solver) {
  const { name, ...options } = typeof solver === "string" ? { name: solver } : solver;
  return [name, ...Object.entries(options).map(([option, value]) => `${option} ${value}`)].join(", ");
}

/** The same of one of the listed, with what it was calibrated with. */
export function memberLabel({ base, solver = base, substeps }) {
  return [labelOf(solver), ...(substeps === undefined ? [] : [`M ${substeps}`])].join(", ");
}
