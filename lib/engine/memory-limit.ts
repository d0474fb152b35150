import { totalmem } from "node:os";
import type { Denoiser } from "../denoiser/denoiser.js";
import { requireDenoiser } from "../denoiser/require-denoiser.js";
import { requireArgument } from "../errors.js";
import { sizeOf } from "../shape.js";
import type { SampleRequest } from "./request.js";
import { countOf } from "./request-samples.js";
import { requireRequest } from "./require-request.js";

/**
 * Refuses a request whose samples alone are more than the machine's memory, before anything is set up for each of them.
 * @throws QuenchError INVALID_ARGUMENT
 */
export function requireMemory(denoiser: Denoiser, request: SampleRequest): void {
  requireDenoiser(denoiser);
  requireRequest(request);
  const rows = countOf(request);
  const bytes = Number(rows) * sizeOf(denoiser.shape) * (request.dtype === "float64" ? 8 : 4);
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
