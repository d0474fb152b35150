import type { Run, Step } from "../solver.js";
import { decided } from "./decision.js";
import type { Control } from "./probing.js";
import { roundingAt } from "./rounding.js";
import { inSpace, kappaStep, outOfSpace, type Space } from "./space.js";
import { type StepRatioName, stepRatios } from "./step-ratio.js";

export interface ReleasedOptions {
  readonly shift: number;
  readonly space: Space;
  readonly ratio: StepRatioName;
}

/**
 * EVODiff's control as its authors' EDM sampler computes it, per channel of each sample:
 * native/reduced_entropy/balanced_differences.h has its formulas. A step's balance a is made before its probe, from
 * products that the step before left.
 */
export function releasedControl(run: Run, { shift, space, ratio }: ReleasedOptions): Control {
  const { process, trace } = run;
  const rows = run.rows * run.channels;
  const longRun = run.steps.length > 20 ? 1 : 0;
  // ⟨m1,m1⟩, ⟨m1,d⟩ and ⟨d,d⟩ with d = m0 − m1, and a − 1.
  const kept = new Float64Array(rows * 4);
  const probe = decided("balanced-probe", rows, kept, { coefficients: 3, measured: [] });
  const correction = decided("balanced-correction", rows, kept, {
    coefficients: 4,
    measured: ["a", "c", "eta", "zeta", "etaStar", "zetaStar"],
  });
  const [start, end] = [process.tStart, process.tEnd].map((t) => inSpace(process.at(t), space));

  /** In the order of BalancedStep, but for its rounding. */
  const constants = (step: Step, previous: Step): number[] => {
    const [before, from, to] = [previous.from, step.from, step.to].map((at) => inSpace(at, space));
    const h = kappaStep(from!, to!);
    const rho = to!.sigma / from!.sigma;
    const r = stepRatios[ratio](before!, from!, to!);
    const balance = Math.sqrt(rho / (from!.sigma / before!.sigma));
    const tau = Math.min(1, (to!.t + end!.t) / (start!.t + end!.t));
    const weight = (1 - tau * tau) / 2;
    const { keep, lift } = outOfSpace(step, space);
    return [h, to!.sigma, rho, r, balance, weight, keep * rho, lift];
  };

  return {
    meet(m0, m1) {
      const found = run.gram([m1, [m0, m1]], rows, "blocked");
      for (let row = 0; row < rows; row++) kept.set(found.subarray(3 * row, 3 * row + 3), 4 * row);
    },

    probe(step, previous, m0, m1) {
      run.decide(probe.with([...constants(step, previous), ...roundingAt(run, step.from)]));
      const [onX, onM0, onM1] = probe.coefficients;
      return [
        [onM1!, m1],
        [onM0!, m0],
        [onX!, run.x],
      ];
    },

    correct(step, previous, m0, m1, mt) {
      const now = [...constants(step, previous), ...roundingAt(run, step.to), shift, longRun];
      run.decide(correction.with(now), { basis: [m0, [m0, m1], [mt, m0]], accumulate: "blocked" });
      trace?.(correction.measured);
      const [onX, onMt, onM1, onM0] = correction.coefficients;
      // The small terms first: their rounding errors stay small.
      return [
        [onMt!, mt],
        [onM1!, m1],
        [onM0!, m0],
        [onX!, run.x],
      ];
    },
  };
}
