import { z } from "zod";
import type { Vector } from "../../device/index.js";
import { adamsBashforth, ipndm, sharedNoiseStep, sPndm } from "../adams/index.js";
import { noiseStep } from "../first-order.js";
import type { Step, Term } from "../solver.js";
import { asBase, type IiaMember } from "./member.js";
import { difference, type Quantity } from "./statement.js";

type Shares = readonly (readonly [number, Vector])[];

/**
 * A pseudo linear multistep method steps along ε̃_i, a blend of its latest noise predictions. IIA adds the changes of
 * ε̃ and of the data prediction x̂_i = (x_i − σ ε̃_i)/α that goes with it (004 Algorithms 3 and 4):
 * φ_0 (x̂_i − x̂_{i−1}) + φ_1 (ε̃_i − ε̃_{i−1}). Two vectors keep x̂, at the cost of one more pass; ε̃_{i−1} asks for
 * one prediction more than the base holds.
 */
const pseudoMultistep = (order: number, improvedEulerStart: boolean): IiaMember["start"] => {
  return (run) => {
    const { x, combine } = run;
    const held: Vector[] = Array.from({ length: order + 1 }, () => run.vectors(1)[0]);
    let [estimate, estimateBefore] = run.vectors(2);
    const eAhead = improvedEulerStart ? run.vectors(1)[0] : undefined;
    let blendBefore: Shares = [];
    const blendOf = async (step: Step): Promise<Shares> => {
      if (!eAhead || !step.isFirst || step.to.sigma === 0) {
        return adamsBashforth[Math.min(order, step.index + 1)]!.map((share, j) => [share, held[j]!]);
      }
      combine(estimate, ...noiseStep(step, x, held[0]!));
      await run.noise(eAhead, estimate, step.to);
      return [
        [1 / 2, held[0]!],
        [1 / 2, eAhead],
      ];
    };
    return async (step) => {
      held.unshift(held.pop()!);
      await run.noise(held[0]!, x, step.from);
      const blend = await blendOf(step);
      const { alpha, sigma } = step.from;
      [estimate, estimateBefore] = [estimateBefore, estimate];
      combine(estimate, [1 / alpha, x], ...blend.map(([share, e]): Term => [(-sigma / alpha) * share, e]));
      const change: Quantity = [...blend, ...blendBefore.map(([share, e]) => [-share, e] as const)];
      blendBefore = blend;
      const vectors = blend.map(([, e]) => e);
      const shares = blend.map(([share]) => share);
      return {
        base: sharedNoiseStep(step, x, vectors, shares),
        quantities: step.isFirst || step.to.sigma === 0 ? [] : [difference(estimate, estimateBefore), change],
      };
    };
  };
};

export const iiaSpndm: IiaMember = {
  name: "iia-spndm",
  title: "IIA-SPNDM",
  source: "Zhang et al. 2024 (004), Algorithm 3",
  base: asBase(sPndm),
  baseOptions: () => ({}),
  options: z.strictObject({}),
  vectors: () => 6,
  substeps: 10,
  start: pseudoMultistep(2, true),
};

export const iiaIpndm: IiaMember = {
  name: "iia-ipndm",
  title: "IIA-IPNDM",
  source: "Zhang et al. 2024 (004), Algorithm 4",
  base: asBase(ipndm),
  baseOptions: () => ipndm.options.parse({}),
  options: z.strictObject({}),
  vectors: () => 7,
  substeps: 10,
  start: pseudoMultistep(4, false),
};
