import { numbersHash } from "../denoiser/samples-hash.js";
import { isConditionRow } from "../engine/conditions.js";
import type { Conditions, SampleRequest } from "../engine/index.js";
import { QuenchError, reasonOf, requireArgument } from "../errors.js";

/** A request as a manifest keeps it: seeds as strings, conditions by their hashes. */
export function said({
  conditions,
  nullConditions,
  ...json
}: Omit<SampleRequest, "signal" | "onStep" | "noise" | "initial">): Record<string, unknown> {
  const asked = {
    ...json,
    ...(conditions ? { conditions: hashes(conditions, "conditions") } : {}),
    ...(nullConditions ? { nullConditions: hashes(nullConditions, "nullConditions") } : {}),
  };
  try {
    return JSON.parse(JSON.stringify(asked, (_, v) => (typeof v === "bigint" ? String(v) : v)));
  } catch (cause) {
    const message = `expected what JSON can hold (${reasonOf(cause)})`;
    throw new QuenchError("INVALID_ARGUMENT", message, { where: "request", cause });
  }
}

function hashes(conditions: Conditions, where: string): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(conditions).map(([name, rows]) => {
      const each: readonly unknown[] = Array.isArray(rows) ? rows : [rows];
      requireArgument(each.every(isConditionRow), `${where}.${name}`, "expected numbers in typed arrays");
      const all = each.map(numbersHash);
      return [name, Array.isArray(rows) ? all : all[0]!];
    }),
  );
}
