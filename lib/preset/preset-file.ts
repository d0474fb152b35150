import { readJson } from "../io/index.js";
import { type Preset, presetSchema } from "./preset.js";

/** Presets with measured coefficients are long. */
const largest = 2 ** 28;

/** @throws QuenchError INVALID_FILE, or INVALID_ARTIFACT naming the field */
export function readPreset(path: string): Promise<Preset> {
  return readJson(path, presetSchema, { code: "INVALID_ARTIFACT", maximumBytes: largest });
}
