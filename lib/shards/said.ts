import { numbersHash } from "../denoiser/samples-hash.js";
import type { Conditions, SampleRequest } from "../engine/index.js";

/** A request as a manifest keeps it: seeds as strings, conditions by their hashes. */
export function said({
  conditions,
  nullConditions,
  ...json
}: Omit<SampleRequest, "signal" | "onStep" | "noise" | "initial">): Record<string, unknown> {
  const asked = {
    ...json,
    ...(conditions ? { conditions: hashes(conditions) } : {}),
    ...(nullConditions ? { nullConditions: hashes(nullConditions) } : {}),
  };
  return JSON.parse(JSON.stringify(asked, (_, v) => (typeof v === "bigint" ? String(v) : v)));
}

function hashes(conditions: Conditions): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(conditions).map(([name, rows]) => [
      name,
      ArrayBuffer.isView(rows) ? numbersHash(rows) : rows.map(numbersHash),
    ]),
  );
}
