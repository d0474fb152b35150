import { z } from "zod";
import { defineSolver } from "../solver.js";
import { probeAndCorrect, probingEvaluations } from "./probing.js";
import { releasedControl } from "./released.js";
import { stepRatioNames } from "./step-ratio.js";
import { varianceControl } from "./variance.js";

/**
 * EVODiff: steps like DPM-Solver++ 2M's whose differences, step and mixing are chosen by the reduction of conditional
 * variance, from inner products alone. One evaluation, one column of a Gram matrix and two combines a step: two passes
 * through memory.
 *
 * Where predictions are identical a quotient is 0/0 and taken as 1. The plain differences are zero then, and so are the
 * balanced ones on steps equal in log-SNR: such a step is DDIM's.
 */
export const evodiff = defineSolver({
  name: "evodiff",
  title: "EVODiff",
  source: "RE and EVODiff, Algorithm 1; their published EDM sampler",
  stochastic: false,
  options: z.strictObject({
    variant: z
      .enum(["paper", "released"])
      .default("paper")
      .describe("as Algorithm 1 is printed, per sample; or as the published code computes, per channel"),
    shift: z.number().default(0.5).describe("mu in zeta = logistic(|zeta*| - mu)"),
    ratio: z.enum(stepRatioNames).default("log-snr").describe("rule for r_i"),
    space: z
      .enum(["process", "scaled"])
      .default("scaled")
      .describe(
        "variables of the released formulas: the process's own, or x/alpha and sigma/alpha; one on EDM",
      ),
    lastStep: z
      .enum(["ddim", "released", "full"])
      .default("ddim")
      .describe(
        "first order, the published first-order variant, or like the others with one more evaluation",
      ),
  }),
  order: () => 2,
  orderCases: [{ ratio: "refined" }, { variant: "released" }, { variant: "released", space: "process" }],
  measuredOrder: ({ variant, lastStep }) => {
    if (lastStep === "released")
      return { order: 0, reason: "the published last step is not exact on the ODE" };
    if (variant === "paper") return undefined;
    return {
      order: 1,
      reason: "the published zeta, eta and balances weigh the second-order term differently",
    };
  },
  evaluations: (steps, { lastStep }) => probingEvaluations(steps, true, lastStep),
  vectors: () => 3,
  predicts: "data",
  sample(run, { variant, shift, ratio, space, lastStep }) {
    const control =
      variant === "released"
        ? releasedControl(run, { shift, ratio, space })
        : varianceControl(run, { shift, ratio, gradient: "mixed", weight: "balanced" });
    return probeAndCorrect(run, control, { lastStep, space });
  },
});
