import { analyticDdim, analyticDdpm } from "./analytic-dpm.js";
import { ddpm } from "./ddpm.js";
import { dpmFast } from "./dpm-fast.js";
import {
  dpm2Ancestral,
  dpmSolverPlusPlus2SAncestral,
  dpmSolverPlusPlusSde,
  eulerAncestral,
} from "./k-diffusion.js";
import { predictorCorrector } from "./predictor-corrector.js";

export type { NoiseEnergy } from "./analytic-dpm.js";

export const ancestralSolvers = [
  ddpm,
  analyticDdpm,
  analyticDdim,
  eulerAncestral,
  dpm2Ancestral,
  dpmSolverPlusPlus2SAncestral,
  dpmSolverPlusPlusSde,
  dpmFast,
  predictorCorrector,
] as const;
