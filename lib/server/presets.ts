import { isObject, received } from "../checks/received.js";
import { parse } from "../checks/validate.js";
import { requireSameModel, sameModel } from "../denoiser/model-stamp.js";
import {
  checkRequest,
  effectiveGuidance,
  type ModelDescription,
  modelScheduler,
  type SpawnedEngine,
} from "../engine/index.js";
import { QuenchError, requireArgument, unknownName } from "../errors.js";
import { leavesOpen, type Preset, presetSchema } from "../preset/index.js";
import { edm } from "../process/index.js";
import { gridMaker, schedules } from "../schedule/index.js";
import { findSolver } from "../solver/index.js";
import type { SamplesBody } from "./body.js";
import { type RequestLimits, requireLimits } from "./limits.js";

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
 * The presets of a server, by model. One that no request could be drawn with would be blamed on the clients, who left
 * all to the server.
 * @throws QuenchError INVALID_ARGUMENT for what is no preset, or none for this server's limits, UNKNOWN_NAME for one of
 * no model that is served, MODEL_MISMATCH for one of other weights
 */
export function requirePresets(
  presets: Readonly<Record<string, unknown>>,
  models: Models,
  limits: Required<RequestLimits>,
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
      try {
        requireDrawable(preset);
        requireLimits({ preset, count: 1 }, models[name]!, limits);
      } catch (cause) {
        if (!(cause instanceof QuenchError)) throw cause;
        throw new QuenchError(cause.code, cause.message, { where, cause });
      }
      return [name, preset];
    }),
  );
}

/**
 * A request as the server draws it: with its preset, where the request leaves all to it. A preset with guidance is only
 * for requests that ask for a class, or bring conditions: without there is nothing to guide to, and the client would be
 * refused for a member that it never sent.
 */
export function withServersPreset(
  given: SamplesBody,
  preset: Preset | undefined,
  { nullClass }: ModelDescription,
): SamplesBody {
  if (!preset || !leavesOpen(given)) return given;
  const isConditional =
    given.conditions !== undefined || (given.labels !== undefined && given.labels !== nullClass);
  return effectiveGuidance(preset.guidance) === undefined || isConditional ? { ...given, preset } : given;
}

/** All of it that can be looked at without the model's own process, which only its workers know. */
function requireDrawable(preset: Preset): void {
  checkRequest({ preset });
  const { solver, grid } = preset;
  requireArgument(solver.name !== modelScheduler, "solver", "the model's own scheduler brings its own grid");
  const schedule = typeof grid === "string" ? grid : "schedule" in grid ? grid.schedule : undefined;
  if (schedule !== undefined && !schedules[schedule])
    throw unknownName("schedule", schedule, Object.keys(schedules));
  if (schedule === undefined) requireFittingGrid(preset);
}

/** Nodes that are given are as many as the solver takes for its steps, which need not be one more. */
function requireFittingGrid({ solver: { name, ...given }, steps, grid }: Preset): void {
  const solver = findSolver(name);
  const make = gridMaker(anyProcess, grid, solver.final);
  try {
    if (solver.grid) solver.grid(make, steps, parse(solver.options, given, `solver.${name}`), unknownProcess);
    else make(steps);
  } catch (error) {
    if (!(error instanceof ProcessLookedAt)) throw error;
  }
}

/** Has every level that nodes may be given at. */
const anyProcess = edm({ sigmaMin: Number.MIN_VALUE, sigmaMax: Number.MAX_VALUE });

class ProcessLookedAt extends Error {}

/** A solver that looks at the process does so after it has asked for its grid, or cannot be checked here. */
const unknownProcess = new Proxy(anyProcess, {
  get() {
    throw new ProcessLookedAt();
  },
});
