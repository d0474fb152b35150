import { dpmSolverAdaptive } from "./adaptive.js";
import { dpmSolverMultistep } from "./multistep.js";
import { dpmSolverSde } from "./sde.js";
import { dpmSolverSinglestep } from "./singlestep.js";

export {
  mixedOrders,
  type Stages,
  singlestepEvaluations,
  singlestepGrid,
  stageTerms,
} from "./singlestep.js";

export const dpmSolvers = [
  ...dpmSolverMultistep,
  ...dpmSolverSinglestep,
  ...dpmSolverAdaptive,
  ...dpmSolverSde,
] as const;
