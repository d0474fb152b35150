import type { Vector } from "../../device/index.js";
import { dataStep } from "../first-order.js";
import type { Run, Step } from "../solver.js";
import type { Control } from "./probing.js";
import { logistic, ratioOrOne } from "./ratio.js";
import { roundingOf } from "./rounding.js";
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
 * point s_i lies where the probe was evaluated, the two differences F are one and cancel, and what is left is
 * P̃/(σ_s h) = 2x/(σ_s h) + U − V. So inner products of x, D = m0 − m1 and V = m_t − m0 say all; and those with x follow from the
 * probe x_P = k x + p m0 + q D, which is what the state is by then.
 */
export function varianceControl(run: Run, options: VarianceOptions): Control {
  const { gradient, weight, shift } = options;
  const { rows, trace } = run;
  const perRow = () => new Float64Array(rows);
  const rounded = roundingOf(run);
  const [onX, onM0, onM1, onMt] = [perRow(), perRow(), perRow(), perRow()];
  const onRow: [number, number, number, number] = [0, 0, 0, 0]; // reused: a step's arithmetic makes no garbage
  const dd = perRow(); // ⟨D,D⟩: what was ⟨V,V⟩ a step before
  const measured = factorArrays(rows);
  const adapts = gradient === "mixed" || weight === "balanced";
  const ratioOf = (step: Step, previous: Step) =>
    stepRatios[options.ratio](previous.from, step.from, step.to);
  const weights = (step: Step, previous: Step) => (weight === "prior" ? prior(step, previous) : unit);

  /** The coefficients k, p and q of a probe. */
  const probeFactors = (step: Step, previous: Step, m0: Vector) => {
    const [[keep], [onPrediction]] = dataStep(step, run.x, m0); // σ_t/σ_s and σ_t h
    const backward = needsProbe(options) ? 1 : weights(step, previous).backward;
    const r = ratioOf(step, previous);
    return { keep, onPrediction, r, onD: (onPrediction * backward) / (2 * r) };
  };

  const probe: Control["probe"] = (step, previous, m0, m1) => {
    const { keep, onPrediction, onD } = probeFactors(step, previous, m0);
    const [onState, onM0, onM1] = rounded(step.from, [keep, onPrediction + onD, -onD]);
    return [
      [onM1!, m1],
      [onM0!, m0],
      [onState!, run.x],
    ];
  };
  if (!needsProbe(options)) return { probe };

  return {
    meet(m0, m1) {
      if (adapts) dd.set(run.gram([[m0, m1]], rows, "blocked"));
    },

    probe,

    correct(step, previous, m0, m1, mt) {
      const probed = probeFactors(step, previous, m0);
      const { onPrediction, r } = probed;
      const sigmaH = step.from.sigma * kappaStep(step.from, step.to);
      const { forward, backward } = weights(step, previous);
      const products = adapts ? run.gramColumn([run.x, m0, [m0, m1], [mt, m0]], rows, "blocked") : undefined;
      for (let row = 0; row < rows; row++) {
        let factors = unmeasured;
        if (products) {
          factors = varianceFactors(productsOf(products, 4 * row, dd[row]!, probed, sigmaH), shift);
          dd[row] = products[4 * row + 3]!;
        }
        const { eta, zeta } = factors;
        const share = gradient === "mixed" ? eta / 2 : gradient === "forward" ? 1 : 0;
        const onGradient = (weight === "balanced" ? zeta : 1) * (onPrediction / 2);
        const onU = onGradient * share * forward;
        const onD = (onGradient * (1 - share) * backward) / r - probed.onD;
        onRow[0] = 1;
        onRow[1] = onU;
        onRow[2] = -onD;
        onRow[3] = onD - onU;
        rounded(step.to, onRow);
        onX[row] = onRow[0];
        onMt[row] = onRow[1];
        onM1[row] = onRow[2];
        onM0[row] = onRow[3];
        if (trace) note(measured, row, factors);
      }
      if (adapts) trace?.(measured);
      // The small terms first: their rounding errors stay small.
      return [
        [onMt, mt],
        [onM1, m1],
        [onM0, m0],
        [onX, run.x],
      ];
    },
  };
}

const unit = { forward: 1, backward: 1 };

/** η* and ζ* as the inner products give them, and η and ζ that they become. */
export type Factors = Readonly<Record<(typeof factorNames)[number], number>>;
const factorNames = ["eta", "zeta", "etaStar", "zetaStar"] as const;
const unmeasured: Factors = { eta: 0, zeta: 1, etaStar: 0, zetaStar: 0 };

/** One array per factor, to tell an observer. */
export function factorArrays(rows: number): Readonly<Record<keyof Factors, Float64Array>> {
  const perRow = () => new Float64Array(rows);
  return { eta: perRow(), zeta: perRow(), etaStar: perRow(), zetaStar: perRow() };
}

/** Notes a row's factors. */
export function note(measured: ReturnType<typeof factorArrays>, row: number, factors: Factors): void {
  for (const name of factorNames) measured[name][row] = factors[name];
}

/**
 * RE Proposition 4.2 (EVODiff Remark 4.3) as printed: ζ = σ_t²/(σ_s²+σ_t²) is left of a forward difference whose far end
 * is interpolated, and 1 − ζ, ζ = σ_s²/(σ_s²+σ_{s−1}²), of a backward one.
 */
function prior({ from, to }: Step, previous: Step): { forward: number; backward: number } {
  const [t, s, before] = [to.sigma ** 2, from.sigma ** 2, previous.from.sigma ** 2];
  return { forward: t / (s + t), backward: before / (s + before) };
}

/**
 * η = logistic|η*| and ζ = logistic(|ζ*| − μ) (RE Eq. 4.19, 4.16, D.11) from inner products of the state's linear part
 * X and the gradient terms U (backward) and V (forward), all in the same units:
 * η* = ⟨U−V, U⟩/⟨U−V, U−V⟩ and ζ* = ⟨V, X + U − V⟩/⟨V, V⟩.
 */
export function varianceFactors(
  { xv, uu, uv, vv }: Readonly<Record<"xv" | "uu" | "uv" | "vv", number>>,
  shift: number,
): Factors {
  const etaStar = ratioOrOne(uu - uv, uu - 2 * uv + vv);
  const zetaStar = ratioOrOne(xv + uv - vv, vv);
  return { etaStar, zetaStar, eta: logistic(Math.abs(etaStar)), zeta: logistic(Math.abs(zetaStar) - shift) };
}

/**
 * The inner products that {@link varianceFactors} wants: X = 2x/(σ_s h), U = D/r; from those of x_P, m0, D and V with V, and
 * x from the probe.
 */
function productsOf(
  withV: Float64Array,
  at: number,
  dd: number,
  { keep, onPrediction, onD, r }: Readonly<Record<"keep" | "onPrediction" | "onD" | "r", number>>,
  sigmaH: number,
) {
  const [pv, m0v, dv, vv] = [withV[at]!, withV[at + 1]!, withV[at + 2]!, withV[at + 3]!];
  const xv = (pv - onPrediction * m0v - onD * dv) / keep;
  return { xv: (2 / sigmaH) * xv, uu: dd / (r * r), uv: dv / r, vv };
}
