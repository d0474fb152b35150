import { deisLogRho, deisRhoAb, deisTab } from "./deis.js";
import { era } from "./era.js";
import { ipndm, ipndmV, lms } from "./ipndm.js";
import { fPndm, plms, sPndm } from "./pndm.js";

export { adamsBashforth, lagrangeWeights } from "./adams-bashforth.js";
export { ipndm } from "./ipndm.js";
export { sPndm } from "./pndm.js";

export const adamsSolvers = [
  deisTab,
  deisRhoAb,
  deisLogRho,
  fPndm,
  sPndm,
  plms,
  ipndm,
  ipndmV,
  lms,
  era,
] as const;
