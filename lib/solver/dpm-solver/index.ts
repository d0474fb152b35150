import { dpmSolverAdaptive } from "./adaptive.js";
import { dpmSolverMultistep } from "./multistep.js";
import { dpmSolverSde } from "./sde.js";
import { dpmSolverSinglestep } from "./singlestep.js";

export { dpmSolverPlusPlus2m } from "./multistep.js";
export {
  mixedOrder,
  mixedOrders,
  mixedOrdersOn,
  singlestepEvaluations,
  singlestepGrid,
} from "./singlestep.js";
export { evaluateStages, finalTerms, type Order, type Stages } from "./stages.js";

export const dpmSolvers = [
  ...dpmSolverMultistep,
  ...dpmSolverSinglestep,
  ...dpmSolverAdaptive,
  ...dpmSolverSde,
] as const;
