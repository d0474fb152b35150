export { fromSchedulerConfig } from "./from-config.js";
export type { SchedulerClass } from "./options.js";
export type { SchedulerPlan } from "./plan.js";
