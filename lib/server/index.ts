export { type SamplesBody, samplesBodySchema } from "./body.js";
export type { RequestLimits } from "./limits.js";
export { quench as default, quench } from "./plugin.js";
export type { QuenchPluginOptions } from "./plugin-options.js";
export { type ServeOptions, type Server, startServer } from "./start.js";
