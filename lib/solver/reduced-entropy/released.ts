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
  const a1 = perRow(); // a − 1
  const [oldSquared, oldWithChange] = [perRow(), perRow()]; // ⟨m1,m1⟩ and ⟨m0 − m1, m1⟩
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
      const products = run.gram([m1, [m0, m1]], rows, "blocked");
      for (let row = 0; row < rows; row++) {
        oldSquared[row] = products[3 * row]!;
        oldWithChange[row] = products[3 * row + 1]!;
      }
    },

    probe(step, previous, m0, m1) {
      now = constants(step, previous);
      const { keep, lift, h, sigma } = now;
      probeOn.x.fill(keep);
      for (let row = 0; row < rows; row++) {
        a1[row] = balanceMinusOne(now, oldWithChange[row]!, oldSquared[row]!);
        const a = 1 + a1[row]!;
        const onD1 = probeWeight(now, a);
        probeOn.m0[row] = lift * (sigma * h + onD1);
        probeOn.m1[row] = -lift * onD1 * a;
      }
      return [
        [probeOn.x, run.x],
        [probeOn.m0, m0],
        [probeOn.m1, m1],
      ];
    },

    correct(step, _previous, m0, m1, mt) {
      const products = run.gram([m0, [m0, m1], [mt, m0]], rows, "blocked");
      for (let row = 0; row < rows; row++) {
        const at = 6 * row;
        correctRow(now, variant, a1[row]!, products, at, found);
        rounded(step.from, found.coefficients);
        onX[row] = found.coefficients[0];
        onMt[row] = found.coefficients[1];
        onM1[row] = found.coefficients[2];
        onM0[row] = found.coefficients[3];
        oldSquared[row] = products[at]!;
        oldWithChange[row] = products[at + 2]!;
        measured.a[row] = found.a;
        measured.c[row] = found.c;
        note(measured, row, found);
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
