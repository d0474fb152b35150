import { readJson } from "../io/index.js";
import { presetSchema } from "../preset/index.js";
import type { ParsedPlan } from "./plan.js";

/** Presets with measured coefficients are long. */
const largest = 2 ** 28;

/**
 * Reads the presets that a plan names by file.
 * @throws QuenchError INVALID_ARTIFACT naming the member
 */
export async function readPresets(plan: ParsedPlan): Promise<ParsedPlan> {
  const methods = await Promise.all(
    plan.methods.map(async (method) => {
      if (!method.presets) return method;
      const presets = method.presets.map((preset) =>
        typeof preset === "string"
          ? readJson(preset, presetSchema, { code: "INVALID_ARTIFACT", maximumBytes: largest })
          : preset,
      );
      return { ...method, presets: await Promise.all(presets) };
    }),
  );
  return { ...plan, methods };
}
