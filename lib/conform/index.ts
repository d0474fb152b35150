export { type ConformOptions, type ConformResult, conform } from "./conform.js";
