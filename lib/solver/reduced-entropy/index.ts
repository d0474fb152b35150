import { evodiff } from "./evodiff.js";
import { reMultiStep } from "./multi-step.js";
import { re2, re3 } from "./single-step.js";

/** Solvers whose steps are chosen by the reduction of conditional entropy: RE and EVODiff. */
export const reducedEntropySolvers = [re2, re3, reMultiStep, evodiff] as const;
