export { type Grid, type GridMaker, type GridRequest, gridMaker, gridSchema } from "./grid.js";
export { type Schedule, scheduleNames, schedules } from "./registry.js";
export type { Rule } from "./schedule.js";
