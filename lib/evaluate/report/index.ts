export { csvReport } from "./csv.js";
export { markdownReport, withUncertainty } from "./markdown.js";
export { type WrittenReport, writeReport } from "./write.js";
