import { totalmem } from "node:os";
import type { Dtype } from "../device/index.js";
import { requireArgument } from "../errors.js";
import { sizeOf } from "../shape.js";

/** What the machine, or a limit on this process, has. */
const available = Math.min(totalmem(), process.constrainedMemory?.() || Infinity);

/**
 * Refuses samples that alone are more than the machine's memory, before anything is set up for each of them.
 * @param shape of one sample
 * @throws QuenchError INVALID_ARGUMENT
 */
export function requireMemory(
  shape: readonly number[],
  rows: number,
  dtype: Dtype,
  where = "count",
  advice = "draw fewer at once, numbered on by firstSample (quench sample: --shard)",
): void {
  const bytes = rows * sizeOf(shape) * (dtype === "float64" ? 8 : 4);
  requireArgument(
    !(bytes > available),
    where,
    () =>
      `${rows} samples of [${shape.join(", ")}] take ${gigabytes(bytes)}, and there are ${gigabytes(available)}: ${advice}`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}
