import { gaussianMixture } from "../../lib/index.js";
import { edm, vpDiscrete, vpLinear } from "../../lib/process/index.js";

/** A mixture whose trajectories curve: five modes of different widths in a space of 2 × 2 × 2. */
const world = {
  shape: [2, 2, 2],
  weights: [0.3, 0.25, 0.2, 0.15, 0.1],
  means: [
    [1, -1, 0.5, 0.2, -0.4, 0.9, 0, 0.3],
    [-0.8, 0.6, 1, -0.5, 0.1, -0.2, 0.7, -1],
    [0.2, 0.9, -0.7, 1, 0.6, 0.4, -0.9, 0.1],
    [-0.3, -0.4, -1, -0.8, 0.9, -0.6, 0.2, 0.8],
    [0.6, 0.1, 0.3, -0.9, -1, 0.5, 0.4, -0.7],
  ],
  stds: [0.2, 0.3, 0.15, 0.25, 0.2],
};

export const vpWorld = gaussianMixture({ ...world, process: vpLinear({}), prediction: "epsilon" });
export const edmWorld = gaussianMixture({ ...world, process: edm() });
/** The same in a table of timesteps, as DDPM's are. */
export const discreteWorld = gaussianMixture({
  ...world,
  process: vpDiscrete(),
  prediction: "epsilon",
});
