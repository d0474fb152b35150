export { csvReport } from "./csv.js";
export { markdownReport } from "./markdown.js";
export { type WrittenReport, writeReport } from "./write.js";
