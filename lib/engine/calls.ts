import type { Denoiser } from "../denoiser/denoiser.js";
import { partOf } from "./part.js";
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
  // What the numbers are does not matter, and they must not overflow; what is given for each sample is for another
  // count.
  const { initialScale, initial, noise, onStep, ...asked } = request;
  return (await sample(free, partOf(asked, 0, 1))).nfe;
}
