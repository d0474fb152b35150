import { z } from "zod";
import { scaledSigma } from "../../process/index.js";
import { churnGamma, churnOptions, churnVector } from "../edm/churn.js";
import { defineSolver } from "../solver.js";

/**
 * Euler with churn as diffusers steps it: the model is evaluated *before* the noise is added, and what it predicted is
 * taken for a prediction at the raised level σ̂ = σ̃ (1 + γ). In y = x/α, ŷ = y + S_noise √(σ̂² − σ̃²) z and
 * y_t = ŷ + (σ̃_t − σ̂)(ŷ − m̂)/σ̂, where m̂ is the data prediction that the same model output means at ŷ:
 * m + (ŷ − y) − (σ̂ − σ̃) ε for a noise prediction, m + (ŷ − y)/(1 + σ̃²) for v, m for a data prediction.
 */
export const eulerDiffusers = defineSolver({
  name: "euler-diffusers",
  title: "Euler with diffusers' churn",
  source: "diffusers, EulerDiscreteScheduler",
  stochastic: ({ churn }) => churn > 0,
  options: z.strictObject({
    ...churnOptions,
    reads: z
      .enum(["epsilon", "v", "sample"])
      .default("epsilon")
      .describe("the model's kind of output, as which it is taken at the raised level"),
  }),
  order: () => 1,
  evaluations: (steps) => steps,
  vectors: ({ churn }) => (churn > 0 ? 2 : 1),
  predicts: "data",
  final: "zero",
  async *sample(run, options) {
    const { steps, x, combine } = run;
    const { churnNoise, reads } = options;
    const [m] = run.vectors(1);
    const z = churnVector(run, options);
    for (const step of steps) {
      const [level, target] = [scaledSigma(step.from), scaledSigma(step.to)];
      const raised = level * (1 + churnGamma(level, steps.length, options));
      await run.data(m, x, step.from);
      // y_t = onState ŷ + onData m̂, and m̂ = m + share (ŷ − y) − extra (y − m)/σ̃.
      const onState = target / raised;
      const onData = 1 - onState;
      const share = { epsilon: 1, v: 1 / (1 + level * level), sample: 0 }[reads];
      const extra = reads === "epsilon" ? (raised - level) / level : 0;
      const scale = step.to.alpha / step.from.alpha;
      const added = churnNoise * Math.sqrt(raised * raised - level * level);
      if (z && raised > level) {
        run.normals(z);
        combine(
          x,
          [scale * (onState - onData * extra), x],
          [step.to.alpha * onData * (1 + extra), m],
          [step.to.alpha * (onState + onData * share) * added, z],
        );
      } else {
        combine(x, [scale * onState, x], [step.to.alpha * onData, m]);
      }
      yield step;
    }
  },
});
