import { createHash } from "node:crypto";

/** Twenty hexadecimal digits of the sha256 of a value's JSON, whatever the order of its keys. */
export function jsonHash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, 20);
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "bigint") return inner.toString();
    if (typeof inner === "number" && !Number.isFinite(inner)) return String(inner);
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    if (ArrayBuffer.isView(inner)) return Array.from(inner as Float64Array);
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
