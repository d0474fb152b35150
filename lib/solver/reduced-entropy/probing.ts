import type { Vector } from "../../device/index.js";
import { dataStep } from "../first-order.js";
import type { Run, Step, Term } from "../solver.js";
import { roundingOf } from "./rounding.js";
import { inSpace, outOfSpace, type Space } from "./space.js";

/** What a method of this family decides in a step. m0 and m1 are the data predictions held for s and the node before. */
export interface Control {
  /** Told the first two predictions, before any probe. */
  meet?(m0: Vector, m1: Vector): void;
  /** The probe x_P from x, m0 and m1. */
  probe(step: Step, previous: Step, m0: Vector, m1: Vector): Term[];
  /** x_t from the probe, which run.x now is, once mt was predicted there. Without it the probe is x_t. */
  correct?(step: Step, previous: Step, m0: Vector, m1: Vector, mt: Vector): Term[];
}

/**
 * Where the last step goes: "ddim" first order, "full" like the others (one evaluation more where it corrects),
 * "released" the first-order variant of EVODiff's published code.
 */
export type LastStep = "ddim" | "released" | "full";

/**
 * The loop of RE Algorithm 1: probe, evaluate at the probe, correct; that prediction is also the next step's m0, so a
 * step costs one evaluation. The first step is DDIM. The probe takes the state's place: x_t differs from it by the
 * gradient term alone, and a correction and the next probe write one vector.
 */
export async function* probeAndCorrect(
  run: Run,
  control: Control,
  { lastStep, space }: { readonly lastStep: LastStep; readonly space: Space },
): AsyncGenerator<Step, void> {
  const { steps, x, vectors, data, combine } = run;
  const rounded = roundingOf(run);
  let [m0, m1] = vectors(2);
  let mt = control.correct ? vectors(1)[0] : m1;
  let previous: Step | undefined;
  await data(m0, x, steps[0]!.from);
  for (const step of steps) {
    let predicted = step.isLast;
    if (!previous || step.to.sigma === 0 || (step.isLast && lastStep === "ddim")) {
      const on = rounded(
        step.from,
        dataStep(step, x, m0).map(([coefficient]) => coefficient),
      );
      combine(x, [on[0]!, x], [on[1]!, m0]);
    } else if (step.isLast && lastStep === "released") {
      combine(x, ...releasedLastStep(step, space, x, m0, m1));
    } else {
      combine(x, ...control.probe(step, previous, m0, m1));
      if (control.correct) {
        await data(mt, x, step.to);
        combine(x, ...control.correct(step, previous, m0, m1, mt));
        [m1, m0, mt] = [m0, mt, m1];
        predicted = true;
      }
    }
    if (!predicted) {
      [m0, m1] = [m1, m0];
      await data(m0, x, step.to);
      if (!previous) control.meet?.(m0, m1);
    }
    previous = step;
    yield step;
  }
}

/** Model evaluations of {@link probeAndCorrect} for N steps. */
export function probingEvaluations(steps: number, corrects: boolean, lastStep: LastStep): number {
  return corrects && lastStep === "full" && steps > 1 ? steps + 1 : steps;
}

/**
 * f x̂ + ½ σ_t h (m0 − d m1), x̂ the DDIM step, f = 1 − √(σ_t σ_s): first order, and not exact on the ODE. The
 * factor knows the absolute noise level, so it depends on the space.
 */
function releasedLastStep(step: Step, space: Space, x: Vector, m0: Vector, m1: Vector): Term[] {
  const [from, to] = [inSpace(step.from, space), inSpace(step.to, space)];
  const { keep, lift } = outOfSpace(step, space);
  const ratio = to.sigma / from.sigma;
  const onPrediction = lift * (to.alpha - from.alpha * ratio); // σ_t h
  const shrink = 1 - Math.sqrt(to.sigma * from.sigma);
  const old = 1 - 0.5 * Math.sqrt(ratio < 0.5 ? ratio : ratio - 0.5);
  return [
    [keep * shrink * ratio, x],
    [onPrediction * (shrink + 0.5), m0],
    [-onPrediction * 0.5 * old, m1],
  ];
}
