import { z } from "zod";
import type { Vector } from "../../device/index.js";
import type { Level } from "../../process/index.js";
import { ddim } from "../ddim.js";
import { dataStep } from "../first-order.js";
import { asBase, type IiaMember } from "./member.js";
import { minus, type Quantity } from "./step-form.js";

/** ε̂ = (x − α m)/σ. */
function noiseOf({ alpha, sigma }: Level, x: Vector, m: Vector): Quantity {
  return [
    [1 / sigma, x],
    [-alpha / sigma, m],
  ];
}

const base = { base: asBase(ddim), baseOptions: () => ({ eta: 0, noise: "thresholded" }) };

/**
 * IIA-DDIM (IIA Eq. 6): DDIM with the last changes of its two predictions,
 * φ_0 (x̂_i − x̂_{i−1}) + φ_1 (ε̂_i − ε̂_{i−1}); with one quantity (Eq. 25) the first of them alone.
 */
export const iiaDdim: IiaMember = {
  name: "iia-ddim",
  title: "IIA-DDIM",
  source: "IIA (Zhang et al. 2024), Eq. 6 and 25",
  ...base,
  options: z.strictObject({
    quantities: z
      .union([z.literal(1), z.literal(2)])
      .default(2)
      .describe("changes of x0-hat and of the noise prediction, or of x0-hat alone"),
  }),
  history: () => 1,
  vectors: () => 2,
  substeps: 3,
  start(run, { quantities }) {
    const [m] = run.vectors(1);
    return async (step, x) => {
      await run.data(m, x, step.from);
      const both: readonly Quantity[] = [[[1, m]], noiseOf(step.from, x, m)];
      const predictions = both.slice(0, quantities as number);
      const usable = !step.isFirst && step.to.sigma > 0;
      return {
        base: dataStep(step, x, m),
        quantities: usable ? predictions : [],
        ahead: () => predictions.map(minus),
      };
    };
  },
};

/** IIA-DDIM under classifier-free guidance (IIA Eq. 8): β ε̂ more, for the guided ε̂. */
export const iiaDdimGuided: IiaMember = {
  name: "iia-ddim-guided",
  title: "IIA-DDIM guided",
  source: "IIA (Zhang et al. 2024), Eq. 8",
  ...base,
  options: z.strictObject({}),
  history: () => 0,
  vectors: () => 1,
  substeps: 10,
  start(run) {
    const [m] = run.vectors(1);
    return async (step, x) => {
      await run.data(m, x, step.from);
      const quantities = step.to.sigma > 0 ? [noiseOf(step.from, x, m)] : [];
      return { base: dataStep(step, x, m), quantities };
    };
  },
};
