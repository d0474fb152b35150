export { Unsupported } from "./adapter.js";
export { type ConformOptions, type ConformResult, conform, planOf } from "./conform.js";
export { readGolden } from "./golden.js";
