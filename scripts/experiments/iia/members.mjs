import { edmGrid, logSnrGrid } from "./common.mjs";

const onePerStep = (nfe) => nfe;
/** Heun's method takes 2N − 1 calls with a last step to zero. */
const heun = (nfe) => (nfe + 1) / 2;

/** The members that are compared at equal NFE, their bases and their grids. */
export const members = [
  { base: "ddim", solver: "iia-ddim", grid: logSnrGrid, stepsFor: onePerStep },
  { base: "ddim", solver: "iia-ddim-guided", grid: logSnrGrid, stepsFor: onePerStep },
  { base: "dpm-solver++-2m", solver: "iia-dpm-solver++-2m", grid: logSnrGrid, stepsFor: onePerStep },
  { base: "dpm-solver++-2m", solver: "iia:dpm-solver++-2m", grid: logSnrGrid, stepsFor: onePerStep },
  { base: "s-pndm", solver: "iia-spndm", grid: logSnrGrid, stepsFor: (nfe) => nfe - 1 },
  { base: "ipndm", solver: "iia-ipndm", grid: logSnrGrid, stepsFor: onePerStep },
  { base: "unipc", solver: "iia:unipc", grid: logSnrGrid, stepsFor: onePerStep },
  { base: "edm-heun", solver: "biia-edm", grid: edmGrid, stepsFor: heun },
  { base: "edm-heun", solver: "iia-edm", grid: edmGrid, stepsFor: heun },
  { base: "edm-heun", solver: "iia:edm-heun", grid: edmGrid, stepsFor: heun },
];
