import { requireSameModel, sameModel } from "../denoiser/model-stamp.js";
import { effectiveGuidance, type ModelDescription, type SpawnedEngine } from "../engine/index.js";
import { QuenchError, requireArgument, unknownName } from "../errors.js";
import { leavesOpen, type Preset, presetSchema } from "../preset/index.js";
import { isObject, received } from "../received.js";
import { parse } from "../validate.js";
import type { SamplesBody } from "./body.js";

type Models = Readonly<Record<string, SpawnedEngine>>;

/**
 * Each preset under the name of the model that it was found for.
 * @throws QuenchError MODEL_MISMATCH for one of no model that is served, INVALID_ARGUMENT for two of the same
 */
export function presetsByModel(presets: readonly Preset[], models: Models): Record<string, Preset> {
  const names = Object.keys(models);
  const found: Record<string, Preset> = {};
  for (const preset of presets) {
    const name = names.find((each) => sameModel(preset.model, models[each]!.model));
    if (name === undefined)
      throw new QuenchError(
        "MODEL_MISMATCH",
        `tuned on "${preset.model.name}", or on other weights of it; served: ${names.join(", ")}`,
        { where: "presets" },
      );
    requireArgument(!Object.hasOwn(found, name), "presets", `two of them are of the model "${name}"`);
    found[name] = preset;
  }
  return found;
}

/**
 * The presets of a server, by model.
 * @throws QuenchError INVALID_ARGUMENT for what is no preset, UNKNOWN_NAME for one of no model that is served, MODEL_MISMATCH
 * for one of other weights
 */
export function requirePresets(
  presets: Readonly<Record<string, unknown>>,
  models: Models,
): Map<string, Preset> {
  requireArgument(
    isObject(presets),
    "presets",
    () => `expected presets by the names of their models, received ${received(presets)}`,
  );
  return new Map(
    Object.entries(presets).map(([name, given]) => {
      if (!Object.hasOwn(models, name))
        throw unknownName("model", name, Object.keys(models), { where: "presets" });
      const where = `presets.${name}`;
      const preset = parse(presetSchema, given, where);
      requireSameModel(preset.model, models[name]!.model, "tuned", where);
      return [name, preset];
    }),
  );
}

/**
 * A request as the server draws it: with its preset, where the request leaves all to it. A preset with guidance is only
 * for requests that ask for a class: without one there is nothing to guide to, and the client would be refused for a
 * member that it never sent.
 */
export function withServersPreset(
  given: SamplesBody,
  preset: Preset | undefined,
  { nullClass }: ModelDescription,
): SamplesBody {
  if (!preset || !leavesOpen(given)) return given;
  const hasClass = given.labels !== undefined && given.labels !== nullClass;
  return effectiveGuidance(preset.guidance) === undefined || hasClass ? { ...given, preset } : given;
}
