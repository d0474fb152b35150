import { edmGeneral } from "./general.js";
import { dpm2, edmHeun, euler } from "./heun.js";

export { edmHeun } from "./heun.js";

export const edmSolvers = [euler, edmHeun, edmGeneral, dpm2] as const;
