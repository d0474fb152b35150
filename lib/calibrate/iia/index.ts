export { calibrateIia } from "./calibrate.js";
export { findIiaMember, type IiaOptions } from "./plan.js";
