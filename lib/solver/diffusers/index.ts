import { ddpmDiffusers } from "./ddpm.js";
import { eulerDiffusers } from "./euler.js";
import { pndmDiffusers } from "./pndm.js";
import { dpmSolverDiffusersSinglestep } from "./singlestep.js";

/** Methods that only diffusers' schedulers take, for the trajectories of their configurations. */
export const diffusersSolvers = [ddpmDiffusers, pndmDiffusers, dpmSolverDiffusersSinglestep, eulerDiffusers];
