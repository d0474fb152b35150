import { jsonHash } from "./json-hash.js";

/** JSON longer than this is named by its hash in a cell's settings: risk curves, coefficients, statistics. */
const longest = 2000;

/** A request as a cell's file shows it, without what is too long to read. */
export function abbreviated(request: object): Record<string, unknown> {
  const short = (value: unknown): unknown => {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value) || ArrayBuffer.isView(value))
      return JSON.stringify(value).length > longest ? { sha256: jsonHash(value) } : value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, short(inner)]));
  };
  return short(request) as Record<string, unknown>;
}
