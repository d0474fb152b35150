import { dpmFast } from "./dpm-fast.js";
import {
  dpm2Ancestral,
  dpmSolverPlusPlus2SAncestral,
  dpmSolverPlusPlusSde,
  eulerAncestral,
} from "./k-diffusion.js";

export const ancestralSolvers = [
  eulerAncestral,
  dpm2Ancestral,
  dpmSolverPlusPlus2SAncestral,
  dpmSolverPlusPlusSde,
  dpmFast,
] as const;
