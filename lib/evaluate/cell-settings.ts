import { jsonHash } from "./json-hash.js";

/** JSON longer than this is named by its hash in a cell's settings: risk curves, coefficients, statistics. */
const longest = 2000;

/** Settings to read. */
export function abbreviated(request: object): Record<string, unknown> {
  const short = (value: unknown): unknown => {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value) || ArrayBuffer.isView(value))
      return JSON.stringify(value).length > longest ? { sha256: jsonHash(value) } : value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, short(inner)]));
  };
  return short(request) as Record<string, unknown>;
}

/** The shortest list of classes that repeats to the whole. */
export function cycleOf(labels: readonly number[]): number[] {
  for (let length = 1; length < labels.length; length++)
    if (labels.every((label, i) => label === labels[i % length])) return labels.slice(0, length);
  return [...labels];
}
