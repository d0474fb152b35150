import { readPreset } from "../preset/preset-file.js";
import type { ParsedPlan } from "./plan.js";

/**
 * Reads the presets that a plan names by file.
 * @throws QuenchError INVALID_ARTIFACT naming the member
 */
export async function readPresets(plan: ParsedPlan): Promise<ParsedPlan> {
  const methods = await Promise.all(
    plan.methods.map(async (method) => {
      if (!method.presets) return method;
      const presets = method.presets.map((preset) =>
        typeof preset === "string" ? readPreset(preset) : preset,
      );
      return { ...method, presets: await Promise.all(presets) };
    }),
  );
  return { ...plan, methods };
}
