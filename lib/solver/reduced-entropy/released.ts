import type { Vector } from "../../device/index.js";
import type { Run, Step } from "../solver.js";
import {
  balanceMinusOne,
  correctRow,
  probeWeight,
  type RowCorrection,
  type StepConstants,
} from "./balanced-differences.js";
import type { Control } from "./probing.js";
import { roundingOf } from "./rounding.js";
import { inSpace, kappaStep, outOfSpace, type Space } from "./space.js";
import { type StepRatioName, stepRatios } from "./step-ratio.js";
import { factorArrays, note } from "./variance.js";

export interface ReleasedOptions {
  readonly shift: number;
  readonly space: Space;
  readonly ratio: StepRatioName;
}

/**
 * EVODiff's control as its authors' EDM sampler computes it, per channel of each sample: {@link correctRow} has its
 * formulas. A step's a is made before its probe, from products that the step before left.
 */
export function releasedControl(run: Run, { shift, space, ratio }: ReleasedOptions): Control {
  const { process, trace } = run;
  const rows = run.rows * run.channels;
  const perRow = () => new Float64Array(rows);
  const rounded = roundingOf(run);
  const variant = { shift, longRun: run.steps.length > 20 };
  const [onX, onM0, onM1, onMt] = [perRow(), perRow(), perRow(), perRow()];
  // The probe's own: a step's correction and the next one's probe are one pass.
  const probeOn = { x: perRow(), m0: perRow(), m1: perRow() };
  const probeRow: [number, number, number] = [0, 0, 0]; // reused: a step's arithmetic makes no garbage
  const a1 = perRow(); // a − 1
  // ⟨m1,m1⟩, ⟨m1,d⟩ and ⟨d,d⟩, d = m0 − m1. The last two were measured in the step before, with its m0 and u; the first follows from
  // what it was, and is measured again where little is left of the largest, whose error it keeps.
  const [m1m1, m1d, dd] = [perRow(), perRow(), perRow()];
  const largest = perRow();
  // Reused, like probeRow.
  const products = { m0m0: 0, m0d: 0, m0u: 0, dd: 0, du: 0, uu: 0 };
  const found: RowCorrection = {
    a: 0,
    c: 0,
    eta: 0,
    zeta: 0,
    etaStar: 0,
    zetaStar: 0,
    coefficients: [0, 0, 0, 0],
  };
  const measured = { a: perRow(), c: perRow(), ...factorArrays(rows) };
  const [start, end] = [process.tStart, process.tEnd].map((t) => inSpace(process.at(t), space));

  const constants = (step: Step, previous: Step): StepConstants => {
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
  let now: StepConstants;

  return {
    meet(m0: Vector, m1: Vector) {
      const found = run.gram([m1, [m0, m1]], rows, "blocked");
      for (let row = 0; row < rows; row++) {
        m1m1[row] = largest[row] = found[3 * row]!;
        m1d[row] = found[3 * row + 1]!;
        dd[row] = found[3 * row + 2]!;
      }
    },

    probe(step, previous, m0, m1) {
      now = constants(step, previous);
      const { keep, lift, h, sigma } = now;
      for (let row = 0; row < rows; row++) {
        a1[row] = balanceMinusOne(now, m1d[row]!, m1m1[row]!);
        const a = 1 + a1[row]!;
        const onD1 = probeWeight(now, a);
        probeRow[0] = keep;
        probeRow[1] = lift * (sigma * h + onD1);
        probeRow[2] = -lift * onD1 * a;
        rounded(step.from, probeRow);
        probeOn.x[row] = probeRow[0];
        probeOn.m0[row] = probeRow[1];
        probeOn.m1[row] = probeRow[2];
      }
      return [
        [probeOn.m1, m1],
        [probeOn.m0, m0],
        [probeOn.x, run.x],
      ];
    },

    correct(step, _previous, m0, m1, mt) {
      const withU = run.gramColumn([m0, [m0, m1], [mt, m0]], rows, "blocked");
      for (let row = 0; row < rows; row++) {
        const [m0u, du, uu] = [withU[3 * row]!, withU[3 * row + 1]!, withU[3 * row + 2]!];
        // Of m0 = m1 + d.
        products.m0m0 = m1m1[row]! + 2 * m1d[row]! + dd[row]!;
        products.m0d = m1d[row]! + dd[row]!;
        products.dd = dd[row]!;
        products.m0u = m0u;
        products.du = du;
        products.uu = uu;
        correctRow(now, variant, a1[row]!, products, found);
        rounded(step.to, found.coefficients);
        onX[row] = found.coefficients[0];
        onMt[row] = found.coefficients[1];
        onM1[row] = found.coefficients[2];
        onM0[row] = found.coefficients[3];
        m1m1[row] = products.m0m0;
        largest[row] = Math.max(largest[row]!, products.m0m0);
        m1d[row] = m0u;
        dd[row] = uu;
        if (trace) {
          measured.a[row] = found.a;
          measured.c[row] = found.c;
          note(measured, row, found);
        }
      }
      trace?.(measured);
      if (m1m1.some((now, row) => now < 0.01 * largest[row]!)) {
        m1m1.set(run.gram([m0], rows, "blocked"));
        largest.set(m1m1);
      }
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
