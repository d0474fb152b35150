export { checkJson, type JsonLimits, jsonPointer, parseJsonFile, readJson } from "./json.js";
