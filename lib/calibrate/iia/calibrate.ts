import type { z } from "zod";
import type { Denoiser } from "../../denoiser/denoiser.js";
import { beginRun, Evaluator, VectorPool } from "../../engine/index.js";
import { keepingWork } from "../../io/kept-work.js";
import { type IiaArtifact, type IiaStep, iiaSchema } from "../../solver/index.js";
import { loadCheckpoint, saveCheckpoint } from "../checkpoint.js";
import { calibrateStep, followStep } from "./calibrate-step.js";
import { LookBack } from "./look-back.js";
import { type IiaOptions, type Plan, planOf } from "./plan.js";
import { Scratch, type Trajectories } from "./trajectory.js";
import { Turns } from "./turns.js";

/** Steps that are done and what they cost: the trajectories are followed anew from their noise, which is cheap. */
const progressSchema = iiaSchema.pick({ steps: true, cost: true });
type Progress = z.output<typeof progressSchema>;

/**
 * Finds a solver's IIA coefficients (IIA Eq. 7, 15, 19, 24, 27): in every step those that bring its state, from where
 * the earlier coefficients led, closest to M sub-steps of the base solver in the mean over the samples.
 *
 * Each step costs the base's model calls and those of M sub-steps, for 2 |B| samples: as many fresh ones as calibrated
 * on. Memory depends on `batch`, not on |B|. States are in float32 as where samples are drawn, sums in float64:
 * coefficients of nearly dependent quantities that would blow up rounding errors are then worse, and not found.
 * (Calibrated in float64, a float32 draw by IIA-SPNDM in 20 steps on test/iia's mixture was 0.24 off its float64 self;
 * calibrated in float32, 0.001.)
 *
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME before any model call; FILE_IN_USE where another run keeps
 * its work at `checkpoint`; MODEL_FAILED; ABORTED
 */
export async function calibrateIia(denoiser: Denoiser, options: IiaOptions): Promise<IiaArtifact> {
  const plan = planOf(denoiser, options);
  return keepingWork(options, () => carryOut(denoiser, plan, options));
}

/** Carries out a plan, whatever its member's quantities are: with none, it measures the base along its own path. */
export async function carryOut(
  denoiser: Denoiser,
  plan: Plan,
  { checkpoint, onProgress, onStep }: Pick<IiaOptions, "checkpoint" | "onProgress" | "onStep"> = {},
): Promise<IiaArtifact> {
  const identity = JSON.stringify(plan.subject);
  const resumed =
    checkpoint === undefined ? undefined : await loadCheckpoint(checkpoint, identity, progressSchema);
  const progress: Progress = resumed ?? {
    steps: [],
    cost: { modelCalls: 0, modelRows: 0, seconds: 0 },
  };
  const { cost } = progress;
  const begun = performance.now() - 1000 * cost.seconds;
  const evaluator = new Evaluator(denoiser, new VectorPool(), {
    onTick: ({ rows }) => {
      cost.modelCalls++;
      cost.modelRows += rows;
    },
  });

  const longest = plan.batch * plan.size;
  const turns = await Turns.open(longest, plan.chunks.length);
  try {
    const scratch = new Scratch(longest);
    const trajectories = await begin(plan, evaluator, turns);
    const parties = {
      calibration: trajectories.filter((_, k) => !plan.chunks[k]!.fresh),
      fresh: trajectories.filter((_, k) => plan.chunks[k]!.fresh),
    };
    let done = 0;
    const onBatch = () => onProgress?.(++done, trajectories.length * plan.steps.length);
    for (const step of plan.steps) {
      const known = progress.steps[step.index];
      if (known) {
        await followStep(trajectories, step, known.coefficients, onBatch);
        continue;
      }
      const found: IiaStep = await calibrateStep(parties, step, plan.fineSolver, scratch, onBatch);
      progress.steps.push(found);
      cost.seconds = (performance.now() - begun) / 1000;
      if (checkpoint !== undefined) await saveCheckpoint(checkpoint, identity, progress);
      onStep?.(step.index, found);
    }
  } finally {
    await turns.close();
  }
  return { kind: "iia", version: 1, ...plan.subject, cost, steps: progress.steps };
}

/** Every batch of samples at its noise. */
async function begin({ chunks, member, options, size }: Plan, evaluator: Evaluator, turns: Turns) {
  const trajectories: Trajectories[] = [];
  for (const [index, { request }] of chunks.entries()) {
    const memory = turns.borrower(index, request.rows * size);
    const run = beginRun(evaluator, request, memory.vector);
    trajectories.push({
      rows: request.rows,
      run,
      formStep: member.start(run, options),
      lookBack: new LookBack(run, member.history(options), memory.vector),
      fine: memory.vector(),
      memory,
      form: undefined,
    });
    await memory.suspend();
  }
  return trajectories;
}
