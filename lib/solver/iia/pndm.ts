import { z } from "zod";
import type { Vector } from "../../device/index.js";
import { adamsBashforth, ipndm, sPndm } from "../adams/index.js";
import { noiseStep, weightedNoiseStep } from "../first-order.js";
import type { Step } from "../solver.js";
import { asBase, type IiaMember } from "./member.js";
import { minus, type Quantity } from "./step-form.js";

/**
 * A pseudo linear multistep method steps along ε̃_i, a blend of its latest noise predictions. IIA adds the changes of
 * ε̃ and of the data prediction x̂_i = (x_i − σ ε̃_i)/α that goes with it (IIA Algorithms 3 and 4):
 * φ_0 (x̂_i − x̂_{i−1}) + φ_1 (ε̃_i − ε̃_{i−1}).
 */
const pseudoMultistep = (order: number, improvedEulerStart: boolean): IiaMember["start"] => {
  return (run) => {
    const held = run.vectors(order);
    const blendOf = async (step: Step, x: Vector): Promise<Quantity> => {
      if (!improvedEulerStart || !step.isFirst || step.to.sigma === 0) {
        return adamsBashforth[Math.min(order, step.index + 1)]!.map((weight, j) => [weight, held[j]!]);
      }
      // This place is free in the first step.
      const eAhead = held[1]!;
      run.combine(eAhead, ...noiseStep(step, x, held[0]!));
      await run.noise(eAhead, eAhead, step.to);
      return [
        [1 / 2, held[0]!],
        [1 / 2, eAhead],
      ];
    };
    return async (step, x) => {
      held.unshift(held.pop()!);
      await run.noise(held[0]!, x, step.from);
      const blend = await blendOf(step, x);
      const { alpha, sigma } = step.from;
      const estimate: Quantity = [
        [1 / alpha, x],
        ...blend.map(([weight, e]) => [(-sigma / alpha) * weight, e] as const),
      ];
      const vectors = blend.map(([, e]) => e);
      const weights = blend.map(([weight]) => weight);
      return {
        base: weightedNoiseStep(step, x, vectors, weights),
        quantities: step.isFirst || step.to.sigma === 0 ? [] : [estimate, blend],
        ahead: () => [minus(estimate), minus(blend)],
      };
    };
  };
};

export const iiaSpndm: IiaMember = {
  name: "iia-spndm",
  title: "IIA-SPNDM",
  source: "IIA (Zhang et al. 2024), Algorithm 3",
  base: asBase(sPndm),
  baseOptions: () => ({}),
  options: z.strictObject({}),
  history: () => 1,
  vectors: () => 3,
  substeps: 10,
  start: pseudoMultistep(2, true),
};

export const iiaIpndm: IiaMember = {
  name: "iia-ipndm",
  title: "IIA-IPNDM",
  source: "IIA (Zhang et al. 2024), Algorithm 4",
  base: asBase(ipndm),
  baseOptions: () => ipndm.options.parse({}),
  options: z.strictObject({}),
  history: () => 1,
  vectors: () => 5,
  substeps: 10,
  start: pseudoMultistep(4, false),
};
