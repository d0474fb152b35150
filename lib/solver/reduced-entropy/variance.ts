import type { Coefficient, Vector } from "../../device/index.js";
import { dataStep } from "../first-order.js";
import type { Run, Step } from "../solver.js";
import { decided, varianceFactors } from "./decision.js";
import type { Control } from "./probing.js";
import { roundingAt, roundingOf } from "./rounding.js";
import { kappaStep } from "./space.js";
import { type StepRatioName, stepRatios } from "./step-ratio.js";

export interface VarianceOptions {
  readonly gradient: "backward" | "forward" | "mixed";
  readonly weight: "unit" | "prior" | "balanced";
  readonly ratio: StepRatioName;
  readonly shift: number;
}

/** Whether the gradient term needs a prediction at the probe. */
export function needsProbe({ gradient, weight }: Pick<VarianceOptions, "gradient" | "weight">): boolean {
  return gradient !== "backward" || weight === "balanced";
}

/**
 * Control by conditional variance as the papers print it, over the whole sample: f(x) = x/σ and k = α/σ,
 *
 *     f(x_t) = f(x_s) + h m0 + (h²/2) ζ B,     h = k_t − k_s
 *
 * with B the backward difference (m0 − m1)/(r h), the forward one (m_t − m0)/h, or (η/2) forward + (1 − η/2) backward.
 * The probe, the case ζ = 1 of the backward one, is DPM-Solver++ 2M when r is "log-snr".
 *
 *     η = logistic|η*|,         η* = ⟨U−V, U⟩/⟨U−V, U−V⟩,  U = (m0−m1)/r, V = m_t − m0    (RE Eq. 4.19)
 *     ζ = logistic(|ζ*| − μ),   ζ* = ⟨V, P̃⟩/(σ_s h ⟨V,V⟩)                                  (RE Eq. 4.16, D.11)
 *
 * (the printed sign of either ratio is lost in |·|). In P̃ = x̂_s + (σ_s/σ_t) x_P − σ_s (h²/2) F(s_i,s) − σ_s h m0 the
 * point s_i lies where the probe was evaluated, the two differences F are one and cancel, and what is left is P̃/(σ_s
 * h) = 2x/(σ_s h) + U − V. So inner products of x, D = m0 − m1 and V = m_t − m0 say all; and those with x follow from
 * the probe x_P = k x + p m0 + q D, which is what the state is by then. native/reduced_entropy/variance.h has the
 * formulas.
 */
export function varianceControl(run: Run, options: VarianceOptions): Control {
  const { gradient, weight, shift } = options;
  const { rows, trace } = run;
  const rounded = roundingOf(run);
  const dd = new Float64Array(rows); // ⟨D,D⟩: what was ⟨V,V⟩ a step before
  const correction = decided("variance-correction", rows, dd, { coefficients: 4, measured: varianceFactors });
  const adapts = gradient === "mixed" || weight === "balanced";
  const weights = (step: Step, previous: Step) => (weight === "prior" ? prior(step, previous) : unit);
  /** The forward difference's share of the gradient is `fixed` + `perEta` η. */
  const share = { fixed: gradient === "forward" ? 1 : 0, perEta: gradient === "mixed" ? 0.5 : 0 };

  /** The coefficients k, p and q of a probe. */
  const probeFactors = (step: Step, previous: Step, m0: Vector) => {
    const [[keep], [onPrediction]] = dataStep(step, run.x, m0); // σ_t/σ_s and σ_t h
    const backward = needsProbe(options) ? 1 : weights(step, previous).backward;
    const r = stepRatios[options.ratio](previous.from, step.from, step.to);
    return { keep, onPrediction, r, onD: (onPrediction * backward) / (2 * r) };
  };

  const probe: Control["probe"] = (step, previous, m0, m1) => {
    const { keep, onPrediction, onD } = probeFactors(step, previous, m0);
    const on = rounded(step.from, [keep, onPrediction + onD, -onD]);
    return [
      [on[2]!, m1],
      [on[1]!, m0],
      [on[0]!, run.x],
    ];
  };
  if (!needsProbe(options)) return { probe };

  /** Coefficients of x_P, m_t, m1 and m0. */
  const measuredCoefficients = (step: Step, previous: Step, m0: Vector, m1: Vector, mt: Vector) => {
    const { keep, onPrediction, onD, r } = probeFactors(step, previous, m0);
    const sigmaH = step.from.sigma * kappaStep(step.from, step.to);
    const { forward, backward } = weights(step, previous);
    const now = correction.with([
      ...[keep, onPrediction, onD, r, sigmaH, shift],
      ...[share.fixed, share.perEta, weight === "balanced" ? 1 : 0, forward, backward],
      ...roundingAt(run, step.to),
    ]);
    run.decide(now, { basis: [run.x, m0, [m0, m1], [mt, m0]], accumulate: "blocked" });
    trace?.(correction.measured);
    return correction.coefficients;
  };

  /** The same where nothing is measured: η = 0 and ζ = 1. */
  const fixedCoefficients = (step: Step, previous: Step, m0: Vector) => {
    const { onPrediction, onD, r } = probeFactors(step, previous, m0);
    const { forward, backward } = weights(step, previous);
    const onU = (onPrediction / 2) * share.fixed * forward;
    const onDifference = ((onPrediction / 2) * (1 - share.fixed) * backward) / r - onD;
    return rounded(step.to, [1, onU, -onDifference, onDifference - onU]);
  };

  return {
    meet(m0, m1) {
      if (adapts) dd.set(run.gram([[m0, m1]], rows, "blocked"));
    },

    probe,

    correct(step, previous, m0, m1, mt) {
      const on: ArrayLike<Coefficient> = adapts
        ? measuredCoefficients(step, previous, m0, m1, mt)
        : fixedCoefficients(step, previous, m0);
      // The small terms first: their rounding errors stay small.
      return [
        [on[1]!, mt],
        [on[2]!, m1],
        [on[3]!, m0],
        [on[0]!, run.x],
      ];
    },
  };
}

const unit = { forward: 1, backward: 1 };

/**
 * RE Proposition 4.2 (EVODiff Remark 4.3) as printed: ζ = σ_t²/(σ_s²+σ_t²) is left of a forward difference whose far
 * end is interpolated, and 1 − ζ, ζ = σ_s²/(σ_s²+σ_{s−1}²), of a backward one.
 */
function prior({ from, to }: Step, previous: Step): { forward: number; backward: number } {
  const [t, s, before] = [to.sigma ** 2, from.sigma ** 2, previous.from.sigma ** 2];
  return { forward: t / (s + t), backward: before / (s + before) };
}
