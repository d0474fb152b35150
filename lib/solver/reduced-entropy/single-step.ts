import { z } from "zod";
import type { Level, PredictionForm } from "../../process/index.js";
import { mixedOrder, singlestepEvaluations, singlestepGrid } from "../dpm-solver/index.js";
import { exponentialStep } from "../exponential-step.js";
import { defineSolver, type Run, type Step } from "../solver.js";

/** How much an interior prediction counts: r and γ as numbers, or as the noise levels say. */
interface Weighting {
  readonly pair: "constant" | "snr";
  readonly r?: number | undefined;
  readonly gamma?: number | undefined;
}

/**
 * γ + r/2 of RE Eq. D.7 at an interior level, by a recommended pair: (r, γ) = (1, ½), or
 * (√(2 SNR_i/(SNR_s + SNR_i)), SNR_s/(SNR_s + SNR_i)). At the midpoint 1 makes it DPM-Solver-2, which the second pair
 * tends to as the step shrinks.
 */
function interiorShare({ pair, r, gamma }: Weighting, from: Level, interior: Level): number {
  const share = 1 / (1 + Math.exp(2 * (from.lambda - interior.lambda))); // SNR_i/(SNR_s + SNR_i)
  const recommended = pair === "snr" ? { r: Math.sqrt(2 * share), gamma: 1 - share } : { r: 1, gamma: 0.5 };
  return (gamma ?? recommended.gamma) + (r ?? recommended.r) / 2;
}

/**
 * RE-2 (RE Eq. D.7): with d the prediction, f(x) = x/α and κ = σ/α for noise, x/σ and α/σ for data,
 * f(x_t) = f(x_s) + h [(γ + r/2) d(s_i) + (1 − γ − r/2) d(s)], h = κ_t − κ_s, s_i in the middle in λ by default.
 *
 * RE-3 puts the same share before the two gradient terms of DPM-Solver-3, at ⅓ (which is the middle of the way to ⅔)
 * and at ⅔. The paper names RE-3 but prints no formula: this reading is ours.
 */
async function* singleStep(
  { process, grid, steps, x, vectors, combine, ...run }: Run,
  order: 2 | 3,
  options: Weighting & { readonly prediction: PredictionForm; readonly node: number },
): AsyncGenerator<Step, void> {
  const [d, interior] = vectors(2);
  const { prediction } = options;
  const evaluate = run[prediction];
  /** Goes from s to `to` by d(s) and the gradient seen at `at`; θ is where that lies on the way. */
  const terms = (from: Level, to: Level, at: Level, gradient: "plain" | "exact") => {
    const step = exponentialStep(prediction, from, to);
    const theta = (at.lambda - from.lambda) / (to.lambda - from.lambda);
    const weight =
      interiorShare(options, from, at) * (gradient === "plain" ? step.moment(0) : step.moment(1) / theta);
    return [[step.keep, x] as const, [step.moment(0) - weight, d] as const, [weight, interior] as const];
  };
  for (const step of steps) {
    const { from, to } = step;
    const place = (theta: number) => process.atLambda(from.lambda + theta * step.h);
    const whole = (at: Level) => {
      const { keep, moment } = exponentialStep(prediction, from, at);
      return [[keep, x] as const, [moment(0), d] as const];
    };
    const stages = to.sigma === 0 ? 1 : (grid.orders?.[step.index] ?? order);
    await evaluate(d, x, from);
    if (stages === 1) {
      combine(x, ...whole(to));
    } else if (stages === 2) {
      const middle = place(options.node);
      combine(interior, ...whole(middle));
      await evaluate(interior, interior, middle);
      combine(x, ...terms(from, to, middle, "plain"));
    } else {
      const [first, second] = [place(1 / 3), place(2 / 3)];
      combine(interior, ...whole(first));
      await evaluate(interior, interior, first);
      combine(interior, ...terms(from, second, first, "exact"));
      await evaluate(interior, interior, second);
      combine(x, ...terms(from, to, second, "exact"));
    }
    yield step;
  }
}

const options = {
  prediction: z
    .enum(["noise", "data"])
    .default("noise")
    .describe("prediction that the step interpolates; the paper's experiments use noise"),
  pair: z
    .enum(["constant", "snr"])
    .default("snr")
    .describe(
      "recommended (r, gamma): (1, 1/2), or by the signal-to-noise ratios at s and the interior node",
    ),
  r: z.number().optional().describe("free value of r in place of the pair's"),
  gamma: z.number().optional().describe("free value of gamma in place of the pair's"),
  orders: z
    .enum(["mixed", "fixed"])
    .default("mixed")
    .describe("steps counts evaluations: spend all with lower orders at the end, or whole steps only"),
};

const common = (order: 2 | 3) => ({
  name: `re-${order}s`,
  title: `Reduced-entropy ${order}S`,
  stochastic: false,
  order: () => order,
  orderCases: [{ pair: "constant" as const }, { prediction: "data" as const }],
  vectors: () => 2,
  predicts: ({ prediction }: { readonly prediction: PredictionForm }) => prediction,
});

/** What γ + r/2 tends to as the step shrinks: 1 by both pairs. */
const limitShare = ({ r, gamma }: Pick<Weighting, "r" | "gamma">) => (gamma ?? 0.5) + (r ?? 1) / 2;

export const re2 = defineSolver({
  ...common(2),
  source: "RE Eq. 4.1 and D.7",
  options: z.strictObject({
    ...options,
    node: z
      .number()
      .gt(0)
      .max(1)
      .default(0.5)
      .describe("where the interior node lies in half-log-SNR, as a fraction of the step"),
  }),
  measuredOrder: (options) =>
    Math.abs(limitShare(options) * options.node - 0.5) < 1e-12
      ? undefined
      : { order: 1, reason: "second order needs gamma + r/2 to tend to 1/(2 node)" },
  evaluations: (steps, { orders }) => singlestepEvaluations(steps, 2, orders),
  grid: (make, steps, { orders }) => singlestepGrid(make, steps, 2, orders),
  sample: (run, options) => singleStep(run, 2, options),
});

export const re3 = defineSolver({
  ...common(3),
  source: "RE §5.1, which names it; formula ours",
  options: z.strictObject(options),
  measuredOrder: (options) => {
    if (limitShare(options) !== 1) return { order: 1, reason: "gamma + r/2 does not tend to 1" };
    if (options.pair === "constant" || (options.r !== undefined && options.gamma !== undefined))
      return options.orders === "mixed" ? mixedOrder(3) : undefined;
    return { order: 2, reason: "the shares by signal-to-noise ratio tend to 1 only linearly in the step" };
  },
  evaluations: (steps, { orders }) => singlestepEvaluations(steps, 3, orders),
  grid: (make, steps, { orders }) => singlestepGrid(make, steps, 3, orders),
  sample: (run, options) => singleStep(run, 3, { node: 0.5, ...options }),
});
