import { deisLogRho, deisRhoAb, deisTab } from "./deis.js";
import { ipndm, ipndmV, lms } from "./ipndm.js";

export { adamsBashforth, lagrangeShares } from "./adams-bashforth.js";
export { sharedNoiseStep } from "./multistep-noise.js";

export const adamsSolvers = [deisTab, deisRhoAb, deisLogRho, ipndm, ipndmV, lms] as const;
