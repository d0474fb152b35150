import { z } from "zod";
import { parseJsonFile, writeFileAtomic } from "../../io/index.js";
import { warnDiscarded } from "../../io/kept-work.js";
import { type IiaArtifact, iiaSchema } from "../../solver/index.js";

/** Steps that are done and what they cost: the trajectories are followed anew from their noise, which is cheap. */
export type IiaProgress = Pick<IiaArtifact, "steps" | "cost">;

const checkpointSchema = z.strictObject({
  kind: z.literal("iia-checkpoint"),
  /** What is calibrated, with which settings; steps of anything else are of no use. */
  calibration: z.string(),
  progress: iiaSchema.pick({ steps: true, cost: true }),
});

/** What an earlier run of the same calibration left behind, if it did. */
export async function loadCheckpoint(path: string, calibration: string): Promise<IiaProgress | undefined> {
  const value = await parseJsonFile(path).catch(() => undefined);
  const read = checkpointSchema.safeParse(value);
  if (read.success && read.data.calibration === calibration) return read.data.progress;
  if (value !== undefined) warnDiscarded(path);
  return undefined;
}

export async function saveCheckpoint(
  path: string,
  calibration: string,
  progress: IiaProgress,
): Promise<void> {
  await writeFileAtomic(path, JSON.stringify({ kind: "iia-checkpoint", calibration, progress }));
}
