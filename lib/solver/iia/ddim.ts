import { z } from "zod";
import type { Vector } from "../../device/index.js";
import type { Level } from "../../process/index.js";
import { ddim } from "../ddim.js";
import { dataStep } from "../first-order.js";
import { asBase, type IiaMember } from "./member.js";
import { difference, type Quantity } from "./statement.js";

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
 * φ_0 (x̂_i − x̂_{i−1}) + φ_1 (ε̂_i − ε̂_{i−1}); with one quantity (Eq. 25) the first of them alone. ε̂_{i−1} is a
 * combination of x_{i−1} and x̂_{i−1}: the new state is written over the one before the last, which then needs neither
 * a copy nor a pass.
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
  vectors: ({ quantities }) => (quantities === 1 ? 2 : 3),
  substeps: 3,
  start(run, { quantities }) {
    let [m, mBefore] = run.vectors(2);
    let xBefore = quantities === 2 ? run.vectors(1)[0] : undefined;
    let noiseBefore: Quantity = [];
    return async (step, x) => {
      [m, mBefore] = [mBefore, m];
      await run.data(m, x, step.from);
      const base = dataStep(step, x, m);
      const usable = !step.isFirst && step.to.sigma > 0;
      const changes = usable ? [difference([[1, m]], [[1, mBefore]])] : [];
      if (!xBefore) return { base, quantities: changes };
      const noise = noiseOf(step.from, x, m);
      if (usable) changes.push(difference(noise, noiseBefore));
      const into = xBefore;
      [noiseBefore, xBefore] = [noise, x];
      return { base, quantities: changes, into };
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
