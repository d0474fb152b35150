import { totalmem } from "node:os";
import type { Dtype } from "../device/index.js";
import { requireArgument } from "../errors.js";
import { sizeOf } from "../shape.js";

/**
 * Refuses samples that alone are more than the machine's memory, before anything is set up for each of them.
 * @param shape of one sample
 * @throws QuenchError INVALID_ARGUMENT
 */
export function requireMemory(shape: readonly number[], rows: number, dtype: Dtype): void {
  const bytes = rows * sizeOf(shape) * (dtype === "float64" ? 8 : 4);
  requireArgument(
    !(bytes > totalmem()),
    "count",
    () =>
      `${rows} samples of [${shape.join(", ")}] take ${gigabytes(bytes)}, and this machine has ` +
      `${gigabytes(totalmem())}: draw fewer at once, numbered on by firstSample`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}
