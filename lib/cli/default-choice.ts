import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/index.js";
import { sameModel } from "../denoiser/model-stamp.js";
import type { OpenedModel } from "../denoiser/open-model.js";
import type { SampleRequest } from "../engine/index.js";
import { ownArtifact } from "../io/inside.js";
import { readPreset } from "../preset/preset-file.js";
import { type GridRequest, gridMaker, schedules } from "../schedule/index.js";
import { measuredChoices } from "./measured-choices.js";
import { riskFor } from "./risk-file.js";

/** A solver and a schedule; `axis` is LAS's c. */
export type Choice = readonly [solver: string, schedule: string, axis?: number];

/** What was chosen for a number of steps, without and with the model's risk curve (docs/results.md). */
export interface MeasuredChoice {
  readonly steps: number;
  readonly uninformed: Choice;
  readonly informed: Choice;
}

/** The choice measured at the nearest number of steps, the smaller of two equally near. */
export function defaultChoice(steps: number, informed: boolean): Choice {
  const nearest = measuredChoices.reduce((best, choice) =>
    Math.abs(choice.steps - steps) < Math.abs(best.steps - steps) ? choice : best,
  );
  return informed ? nearest.informed : nearest.uninformed;
}

/** What is asked for where neither solver nor grid is. */
interface Asked {
  readonly steps: number;
  readonly guidance: number;
  /** Whether something else is asked for that a preset decides, such as thresholding. */
  readonly beside: boolean;
}

/**
 * How `quench sample` draws from a model where neither solver nor grid is asked for: with the model's own preset for so
 * many calls and that guidance, or else with the pair that was best over the models measured here.
 */
export async function defaultRequest(
  asked: Asked,
  denoiser: OpenedModel,
): Promise<Pick<SampleRequest, "preset" | "steps" | "solver" | "grid">> {
  const preset = asked.beside ? undefined : await presetOf(denoiser, asked);
  return preset ? { preset, steps: preset.steps } : measuredPair(asked.steps, denoiser);
}

/**
 * `presets/nfe-8.json` in the model's folder, or of guidance `presets/nfe-8-guidance-2.json`. What was found best in 8
 * calls may take fewer.
 */
async function presetOf(denoiser: OpenedModel, { steps, guidance }: Asked) {
  const name = `nfe-${steps}${guidance === 1 ? "" : `-guidance-${guidance}`}.json`;
  const path = await ownArtifact(denoiser.folder, "presets", name);
  const preset = path === undefined ? undefined : await readPreset(path);
  const fits =
    preset && preset.nfe <= steps && (preset.guidance ?? 1) === guidance && sameModel(preset.model, denoiser);
  return fits ? preset : undefined;
}

async function measuredPair(
  steps: number,
  denoiser: Denoiser,
): Promise<{ readonly solver: { readonly name: string }; readonly grid: GridRequest }> {
  const found = await riskFor(denoiser, undefined);
  // Another model's curve is refused where it is asked for, and here left alone.
  const risk = found && sameModel(found.model, denoiser) ? found : undefined;
  const [name, schedule, axis] = defaultChoice(steps, risk !== undefined);
  const takesRisk = schedules[schedule]!.options.includes("risk");
  const grid = { schedule, ...(takesRisk ? { risk } : {}), ...defined({ axis }) };
  return { solver: { name }, grid: placeable(grid, denoiser) ? grid : "log-snr" };
}

/** Whether a grid can be placed on a model's range at all: a short range has no "vp". */
function placeable(grid: GridRequest, denoiser: Denoiser): boolean {
  try {
    gridMaker(denoiser.process, grid, "min", denoiser)(2);
    return true;
  } catch {
    return false;
  }
}
