import type { Vector } from "../../device/index.js";
import type { Run, Step } from "../solver.js";
import type { Control } from "./probing.js";
import { clamp, logistic, ratioOrOne } from "./ratio.js";
import { roundingOf } from "./rounding.js";
import { inSpace, kappaStep, outOfSpace, type Space } from "./space.js";
import { type StepRatioName, stepRatios } from "./step-ratio.js";
import { factorArrays } from "./variance.js";

export interface ReleasedOptions {
  readonly shift: number;
  readonly space: Space;
  readonly ratio: StepRatioName;
}

/**
 * EVODiff's control as its authors' EDM sampler computes it, per channel of each sample, with ⟨·,·⟩ over the channel
 * and clip(z) = clamp(z, −2, 2). Balanced differences D1 = m0 − a m1 and D2 = m_t − c m0 take the place of plain
 * ones, and
 *
 *     η* = ½ clip(⟨V+U, V−U⟩/⟨V−U, V−U⟩),  U = D1/(r h),  V = r D2/h,       η = ½ logistic|η*|
 *     B  = r (1−η) D2 − (η/r) D1
 *     ζ* = clip(⟨P, D1⟩/⟨D1, D1⟩)/(h σ_t),  P = (σ_t h/(2 r_i)) (D1 − B),   ζ = logistic(|ζ*| − μ)
 *     x_t = x_E + (σ_t h/(2ζ)) B,                                          x_E the DDIM step.
 *
 * All of it follows from the three inner products of D1 and D2, and those from the Gram matrix of (m0, d, u),
 * d = m0 − m1, u = m_t − m0: late in sampling the predictions are nearly equal, a − 1, c − 1, D1 and D2 are small
 * differences of large things, and in this basis they are formed element by element, where nothing cancels.
 */
export function releasedControl(run: Run, { shift, space, ratio }: ReleasedOptions): Control {
  const { process, trace } = run;
  const rows = run.rows * run.channels;
  const perRow = () => new Float64Array(rows);
  const rounded = roundingOf(run);
  const longRun = run.steps.length > 20;
  const [onX, onM0, onM1, onMt] = [perRow(), perRow(), perRow(), perRow()];
  // The probe's own: a step's correction and the next one's probe are one pass.
  const probeOn = { x: perRow(), m0: perRow(), m1: perRow() };
  const a1 = perRow(); // a − 1
  const [oldSquared, oldWithChange] = [perRow(), perRow()]; // ⟨m1,m1⟩ and ⟨m0 − m1, m1⟩
  const onRow: [number, number, number, number] = [0, 0, 0, 0]; // reused: a step's arithmetic makes no garbage
  const measured = { a: perRow(), c: perRow(), ...factorArrays(rows) };
  const [start, end] = [process.tStart, process.tEnd].map((t) => inSpace(process.at(t), space));

  const constants = (step: Step, previous: Step) => {
    const [before, from, to] = [previous.from, step.from, step.to].map((at) => inSpace(at, space));
    const rho = to!.sigma / from!.sigma;
    const tau = Math.min(1, (to!.t + end!.t) / (start!.t + end!.t));
    const { keep, lift } = outOfSpace(step, space);
    return {
      rho,
      keep: keep * rho,
      lift,
      h: kappaStep(from!, to!),
      sigma: to!.sigma,
      r: stepRatios[ratio](before!, from!, to!),
      balance: Math.sqrt(rho / (from!.sigma / before!.sigma)),
      weight: (1 - tau * tau) / 2,
    };
  };
  let now: ReturnType<typeof constants>;

  return {
    meet(m0: Vector, m1: Vector) {
      const products = run.gram([m1, [m0, m1]], rows, "blocked");
      for (let row = 0; row < rows; row++) {
        oldSquared[row] = products[3 * row]!;
        oldWithChange[row] = products[3 * row + 1]!;
      }
    },

    probe(step, previous, m0, m1) {
      now = constants(step, previous);
      const { keep, lift, h, sigma, r } = now;
      probeOn.x.fill(keep);
      for (let row = 0; row < rows; row++) {
        a1[row] = balanceMinusOne(now, oldWithChange[row]!, oldSquared[row]!);
        const weight = (sigma * h) / (2 * refinedRatio(r, 1 + a1[row]!)); // on D1
        probeOn.m0[row] = lift * (sigma * h + weight);
        probeOn.m1[row] = -lift * weight * (1 + a1[row]!);
      }
      return [
        [probeOn.x, run.x],
        [probeOn.m0, m0],
        [probeOn.m1, m1],
      ];
    },

    correct(step, _previous, m0, m1, mt) {
      const { keep, lift, h, sigma, r, rho } = now;
      const products = run.gram([m0, [m0, m1], [mt, m0]], rows, "blocked");
      for (let row = 0; row < rows; row++) {
        const at = 6 * row;
        const m0m0 = products[at]!;
        const m0d = products[at + 1]!;
        const m0u = products[at + 2]!;
        const dd = products[at + 3]!;
        const du = products[at + 4]!;
        const uu = products[at + 5]!;
        const aMinusOne = a1[row]!;
        const a = 1 + aMinusOne;
        const cMinusOne = balanceMinusOne(now, m0u, m0m0);
        const c = 1 + cMinusOne;

        // D1 = a d − (a−1) m0 and D2 = u − (c−1) m0.
        const d1d1 = a * a * dd - 2 * a * aMinusOne * m0d + aMinusOne * aMinusOne * m0m0;
        const d1d2 = a * (du - cMinusOne * m0d) - aMinusOne * (m0u - cMinusOne * m0m0);
        const d2d2 = uu - 2 * cMinusOne * m0u + cMinusOne * cMinusOne * m0m0;

        // V and U, both times r h: r² D2 and D1.
        const vv = r ** 4 * d2d2;
        const vu = r * r * d1d2;
        const etaRatio = ratioOrOne(vv - d1d1, vv - 2 * vu + d1d1);
        const eta = 0.5 * logistic(Math.abs(0.5 * clip(etaRatio)));

        const bd1 = r * (1 - eta) * d1d2 - (eta / r) * d1d1;
        const p = (sigma * h) / (2 * refinedRatio(r, a));
        const zetaRatio = ratioOrOne(p * (d1d1 - bd1), d1d1);
        const shifted = Math.abs(clip(zetaRatio) / (h * sigma)) - shift;
        const zeta = logistic(longRun ? -shifted * consistency(m0d, dd, h, rho) : shifted);

        const weight = (sigma * h) / (2 * zeta);
        const onD1 = (-weight * eta) / r;
        const onD2 = weight * r * (1 - eta);
        onRow[0] = keep;
        onRow[1] = lift * onD2;
        onRow[2] = -lift * onD1 * a;
        onRow[3] = lift * (sigma * h + onD1 - onD2 * c);
        rounded(step.from, onRow);
        onX[row] = onRow[0];
        onMt[row] = onRow[1];
        onM1[row] = onRow[2];
        onM0[row] = onRow[3];
        oldSquared[row] = m0m0;
        oldWithChange[row] = m0u;
        measured.a[row] = a;
        measured.c[row] = c;
        measured.eta[row] = eta;
        measured.zeta[row] = zeta;
        // Before they are clipped.
        measured.etaStar[row] = 0.5 * etaRatio;
        measured.zetaStar[row] = zetaRatio / (h * sigma);
      }
      trace?.(measured);
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

/**
 * a − 1 with a = (1−w) b + w clip(⟨m0,m1⟩/⟨m1,m1⟩), b = √(ρ_n/ρ_{n−1}); the ratio is 1 + ⟨m0 − m1, m1⟩/⟨m1,m1⟩, and
 * 1 where m1 is zero.
 */
function balanceMinusOne(
  { weight, balance }: { readonly weight: number; readonly balance: number },
  oldWithChange: number,
  oldSquared: number,
): number {
  const ratioMinusOne = oldSquared > 0 ? clamp(oldWithChange / oldSquared, -3, 1) : 0;
  return (1 - weight) * (balance - 1) + weight * ratioMinusOne;
}

/** r_i of the probe. */
function refinedRatio(r: number, a: number): number {
  return clamp(logistic(Math.abs(a) / 4) * r, r / 4, 1.5 * r);
}

/** With more than 20 steps: logistic(q (2 − ρ²)), q = clip(⟨m0,D⟩/⟨D,D⟩), D = (m0 − m1)/h. */
function consistency(m0d: number, dd: number, h: number, rho: number): number {
  return logistic(clip(ratioOrOne(h * m0d, dd)) * (2 - rho * rho));
}

function clip(value: number): number {
  return clamp(value, -2, 2);
}
