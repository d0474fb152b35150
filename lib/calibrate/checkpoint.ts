import { z } from "zod";
import { parseJsonFile, writeFileAtomic } from "../io/index.js";
import { warnDiscarded } from "../io/kept-work.js";

const checkpointSchema = z.strictObject({
  kind: z.literal("checkpoint"),
  /** What is calibrated, with which settings; the progress of anything else is of no use. */
  identity: z.string(),
  progress: z.unknown(),
});
const largestCheckpoint = 2 ** 30;

/** What an earlier run of the same calibration left behind, if it did. */
export async function loadCheckpoint<Progress extends z.ZodType>(
  path: string,
  identity: string,
  schema: Progress,
): Promise<z.output<Progress> | undefined> {
  const value = await parseJsonFile(path, { maximumBytes: largestCheckpoint }).catch(() => undefined);
  const { data } = checkpointSchema.safeParse(value);
  const progress = data?.identity === identity ? schema.safeParse(data.progress).data : undefined;
  if (value !== undefined && progress === undefined) warnDiscarded(path);
  return progress;
}

/** @throws QuenchError WRITE_FAILED */
export async function saveCheckpoint(path: string, identity: string, progress: unknown): Promise<void> {
  await writeFileAtomic(path, JSON.stringify({ kind: "checkpoint", identity, progress }));
}
