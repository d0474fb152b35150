import { z } from "zod";
import { defineSolver } from "../solver.js";
import { probeAndCorrect, probingEvaluations } from "./probing.js";
import { stepRatioNames } from "./step-ratio.js";
import { needsProbe, varianceControl } from "./variance.js";

/**
 * Multi-step iterations with reduced conditional entropy, each ingredient by itself. The rows of EVODiff Table 3: the
 * FD baseline (Eq. 13) is backward and unit; RE (Eq. 15) is backward or forward and prior, or balanced; Eq. 16 is
 * mixed, there with the refined ratio; EVODiff is mixed and balanced.
 */
export const reMultiStep = defineSolver({
  name: "re-multi-step",
  title: "Reduced-entropy multi-step",
  source: "RE Eq. 4.4–4.8 and D.12–D.14; EVODiff Eq. 13–16 and Table 3",
  stochastic: false,
  options: z.strictObject({
    gradient: z
      .enum(["backward", "forward", "mixed"])
      .default("backward")
      .describe(
        "difference that stands for the gradient: to the node before, to the probe, or both mixed by eta",
      ),
    weight: z
      .enum(["unit", "prior", "balanced"])
      .default("prior")
      .describe(
        "zeta before the gradient: 1, from the noise levels (Prop. 4.2), or from the states (Eq. 4.16)",
      ),
    ratio: z.enum(stepRatioNames).default("log-snr").describe("rule for r_i"),
    shift: z.number().default(0.5).describe("mu in zeta = logistic(|zeta*| - mu), of weight balanced"),
    lastStep: z
      .enum(["ddim", "full"])
      .default("ddim")
      .describe("last step of first order, or like the others; one more evaluation where they use a probe"),
  }),
  order: () => 2,
  orderCases: [
    { weight: "unit" },
    { gradient: "forward", weight: "balanced" },
    { gradient: "mixed", weight: "unit", ratio: "refined" },
  ],
  measuredOrder: ({ weight }) =>
    weight === "prior"
      ? { order: 1, reason: "its weights tend to 1/2, which leaves half of the second-order term" }
      : undefined,
  evaluations: (steps, options) => probingEvaluations(steps, needsProbe(options), options.lastStep),
  vectors: (options) => (needsProbe(options) ? 3 : 2),
  predicts: "data",
  sample: (run, options) =>
    probeAndCorrect(run, varianceControl(run, options), { lastStep: options.lastStep, space: "process" }),
});
