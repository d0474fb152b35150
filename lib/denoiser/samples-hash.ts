import { createHash } from "node:crypto";
import type { Denoiser } from "./denoiser.js";

/**
 * sha256 of all that decides a model's samples besides the request: its weights, and the rows that it has itself for
 * further inputs. What is kept of samples is kept under it; artifacts are good for other prompts too, and are kept
 * under the weights' own hash.
 */
export function samplesHash({
  hash,
  conditions = {},
}: Pick<Denoiser, "hash" | "conditions">): string | undefined {
  const rows = Object.entries(conditions).flatMap(([name, { digest }]) => (digest ? [[name, digest]] : []));
  if (hash === undefined || rows.length === 0) return hash;
  return createHash("sha256")
    .update(JSON.stringify([hash, rows.sort()]))
    .digest("hex");
}

/** sha256 of numbers, in hexadecimal. */
export function numbersHash({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("hex");
}
