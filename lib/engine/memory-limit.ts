import { totalmem } from "node:os";
import type { Denoiser } from "../denoiser/denoiser.js";
import { requireDenoiser } from "../denoiser/require-denoiser.js";
import { requireArgument } from "../errors.js";
import type { SampleRequest } from "./request.js";
import { requireRequest } from "./require-request.js";

/**
 * Refuses a request whose samples alone are more than the machine's memory, before anything is set up for each of them.
 * @throws QuenchError INVALID_ARGUMENT
 */
export function requireMemory(denoiser: Denoiser, request: SampleRequest): void {
  requireDenoiser(denoiser);
  requireRequest(request);
  const { count, seeds, labels, dtype } = request;
  const rows = count ?? seeds?.length ?? (Array.isArray(labels) ? labels.length : 1);
  const numbers = denoiser.shape.reduce((a, b) => a * b, Number(rows));
  const bytes = numbers * (dtype === "float64" ? 8 : 4);
  requireArgument(
    !(bytes > totalmem()),
    "count",
    () =>
      `${rows} samples of [${denoiser.shape.join(", ")}] take ${gigabytes(bytes)}, and this machine has ` +
      `${gigabytes(totalmem())}: draw fewer at once, numbered on by firstSample`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}
