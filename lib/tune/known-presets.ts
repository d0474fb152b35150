import { list } from "../checks/list.js";
import { parse } from "../checks/validate.js";
import { requireSameModel } from "../denoiser/model-stamp.js";
import { callsOf, resolveRequest } from "../engine/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import { type Preset, presetSchema } from "../preset/index.js";
import { requireDeterministic } from "../solver/index.js";
import type { Candidate, ExplicitGrid } from "./candidate.js";
import { drawn, type Subject } from "./subject.js";

/**
 * Presets that were found before, as candidates. Those of fewer calls are among them: more calls come closer to the
 * model's own trajectories, and not always to real data.
 *
 * @throws QuenchError INVALID_ARGUMENT, UNKNOWN_NAME or MODEL_MISMATCH naming the preset: of another model or guidance
 *   scale, of more calls than the subject's, of a stochastic solver, without explicit levels
 */
export async function presetCandidates(subject: Subject, presets: readonly Preset[]): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const [i, preset] of parse(list(presetSchema), presets, "presets").entries()) {
    try {
      candidates.push(await candidateOf(subject, preset));
    } catch (cause) {
      if (!(cause instanceof QuenchError)) throw cause;
      throw new QuenchError(cause.code, cause.message, { where: `presets.${i}`, cause });
    }
  }
  return candidates;
}

async function candidateOf(subject: Subject, preset: Preset): Promise<Candidate> {
  const { denoiser, nfe: most } = subject;
  requireSameModel(preset.model, denoiser, "tuned", "model");
  const [scale, wanted] = [preset.guidance ?? 1, subject.guidance ?? 1];
  requireArgument(
    scale === wanted,
    "guidance",
    `the preset is for guidance ${scale}, the search for ${wanted}`,
  );
  const { solver, steps } = preset;
  const grid = explicitOf(preset);
  const request = { ...drawn(subject, 0n, 0, 1), solver, steps, grid };
  const resolved = resolveRequest(denoiser, request);
  requireDeterministic(resolved.solver, resolved.options, "solver", "it cannot be tuned");
  const nfe = await callsOf(denoiser, request);
  requireArgument(nfe <= most, "nfe", `expected at most ${most} calls, it makes ${nfe}`);
  const [found] = preset.tuning?.finalists ?? [];
  return { solver, steps, grid, nfe, origin: found?.origin ?? `${solver.name} of a preset` };
}

/** As a search writes them. */
function explicitOf({ grid }: Preset): ExplicitGrid {
  if (typeof grid === "object" && "sigma" in grid) return { sigma: [...grid.sigma] };
  if (typeof grid === "object" && "t" in grid) return { t: [...grid.t] };
  throw new QuenchError("INVALID_ARGUMENT", "expected explicit noise levels: { sigma } or { t }", {
    where: "grid",
  });
}
