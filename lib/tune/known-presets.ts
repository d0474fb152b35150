import { list } from "../checks/list.js";
import { parse } from "../checks/validate.js";
import { requireSameModel } from "../denoiser/model-stamp.js";
import { callsOf } from "../engine/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import { type Preset, presetSchema } from "../preset/index.js";
import type { Candidate, ExplicitGrid } from "./candidate.js";
import { drawn, type Subject } from "./subject.js";

/**
 * Presets that were found before, as candidates. Those of fewer calls are among them: more calls come closer to the
 * model's own trajectories, and not always to real data.
 *
 * @throws QuenchError INVALID_ARGUMENT, UNKNOWN_NAME or MODEL_MISMATCH naming the preset: of another model or
 *   guidance scale, of more calls than the subject's, without explicit levels
 */
export async function presetCandidates(subject: Subject, presets: readonly Preset[]): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const [i, preset] of parse(list(presetSchema), presets, "presets").entries())
    candidates.push(await candidateOf(subject, preset, `presets.${i}`));
  return candidates;
}

async function candidateOf(subject: Subject, preset: Preset, where: string): Promise<Candidate> {
  const { denoiser, nfe: most } = subject;
  requireSameModel(preset.model, denoiser, "the preset was tuned", where);
  const [scale, wanted] = [preset.guidance ?? 1, subject.guidance ?? 1];
  requireArgument(
    scale === wanted,
    `${where}.guidance`,
    `the preset is for guidance ${scale}, the search for ${wanted}`,
  );
  const { solver, steps } = preset;
  const grid = explicitOf(preset, `${where}.grid`);
  const nfe = await callsOf(denoiser, { ...drawn(subject, 0n, 0, 1), solver, steps, grid });
  requireArgument(nfe <= most, `${where}.nfe`, `expected at most ${most} calls, it makes ${nfe}`);
  const [found] = preset.tuning?.finalists ?? [];
  return { solver, steps, grid, nfe, origin: found?.origin ?? `${solver.name} of a preset` };
}

/** As a search writes them. */
function explicitOf({ grid }: Preset, where: string): ExplicitGrid {
  if (typeof grid === "object" && "sigma" in grid) return { sigma: [...grid.sigma] };
  if (typeof grid === "object" && "t" in grid) return { t: [...grid.t] };
  throw new QuenchError("INVALID_ARGUMENT", "expected explicit noise levels: { sigma } or { t }", { where });
}
