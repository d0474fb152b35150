import { rm } from "node:fs/promises";
import { received } from "../checks/received.js";
import { requireFunction } from "../checks/require-function.js";
import { requireArgument } from "../errors.js";
import { claiming } from "./claim.js";

/** Options of long work that ends in an artifact. */
export interface KeptWork<Artifact> {
  /** A file that keeps what is found, so that a killed run goes on where it was; removed at the end. */
  readonly checkpoint?: string;
  /** Writes the artifact. Where that fails, the checkpoint stays, and the same call goes on there. */
  readonly save?: (artifact: Artifact) => void | Promise<void>;
}

/**
 * Does work that keeps what it finds in a checkpoint, as the only one that does, and removes the checkpoint when the
 * artifact is saved.
 * @throws QuenchError INVALID_ARGUMENT, FILE_IN_USE, WRITE_FAILED; what `work` and `save` throw
 */
export async function keepingWork<Artifact>(
  { checkpoint, save }: KeptWork<Artifact>,
  work: () => Promise<Artifact>,
): Promise<Artifact> {
  requireArgument(
    checkpoint === undefined || typeof checkpoint === "string",
    "checkpoint",
    () => `expected the path of a file, received ${received(checkpoint)}`,
  );
  requireFunction(save, "save");
  const saved = async () => {
    const artifact = await work();
    await save?.(artifact);
    return artifact;
  };
  if (checkpoint === undefined) return saved();
  return claiming(checkpoint, async () => {
    const artifact = await saved();
    await rm(checkpoint, { force: true });
    return artifact;
  });
}

/** Tells whoever reads the process's warnings that a file of finished work is of no use to what runs now, and goes. */
export function warnDiscarded(path: string): void {
  process.emitWarning(`${path} keeps the work of another command or of other options; it is discarded`, {
    code: "QUENCH_KEPT_WORK",
  });
}
