import type { Denoiser } from "../denoiser/denoiser.js";
import type { SampleRequest } from "./request.js";
import { sample } from "./sample.js";

/**
 * Model evaluations of one sample, counted on a model that costs nothing: a solver's own count does not know how the
 * grid ends, and not what the request adds. Not for solvers whose error control decides.
 * @throws QuenchError as `sample()`
 */
export async function callsOf(denoiser: Denoiser, request: SampleRequest): Promise<number> {
  const free: Denoiser = {
    ...denoiser,
    evaluate: async ({ output }) => void output.fill(0),
    close: async () => {},
  };
  // What the numbers are does not matter, and they must not overflow.
  const { initialScale: _, ...asked } = request;
  return (await sample(free, { ...asked, count: 1 })).nfe;
}
