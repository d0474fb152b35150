import { z } from "zod";
import type { Vector } from "../native/index.js";
import { type Level, scaledSigma } from "../process/index.js";
import { balanceMinusOne, correction, probeWeight, stepGeometry } from "./evodiff-released.js";
import { dataStep } from "./first-order.js";
import { defineSolver, type Step, type Term } from "./solver.js";

/**
 * EVODiff (000 Algorithm 1, as its authors released it): DPM-Solver++-like steps whose differences, step and
 * mixing are chosen per channel by the reduction of conditional variance, from inner products alone.
 * One Gram pass and two combines a step.
 */
export const evodiff = defineSolver({
  name: "evodiff",
  title: "EVODiff",
  source: "000 Algorithm 1; the authors' released EDM sampler",
  stochastic: false,
  options: z.strictObject({
    shift: z.number().default(0.5).describe("mu in zeta = logistic(|zeta*| - mu)"),
    space: z
      .enum(["process", "scaled"])
      .default("scaled")
      .describe(
        "run the formulas with the process's alpha and sigma, or in x/alpha and sigma/alpha; the same on EDM",
      ),
    lastStep: z
      .enum(["auto", "ddim", "released", "full"])
      .default("auto")
      .describe(
        "first order, the released first-order variant, or one more full step; auto: released on EDM, else ddim",
      ),
  }),
  order: () => 1,
  evaluations: (steps, { lastStep }) => (lastStep === "full" && steps > 1 ? steps + 1 : steps),
  vectors: () => 3,
  predicts: "data",
  async *sample({ process, grid, steps, x, rows: samples, channels, vectors, data, combine, gram }, options) {
    const { shift, space } = options;
    const lastStep =
      options.lastStep !== "auto" ? options.lastStep : process.type === "edm" ? "released" : "ddim";
    let [m0, m1, probe] = vectors(3);
    const rows = samples * channels;
    const view = (level: Level) => (space === "scaled" ? scaled(level) : level);
    const [start, end] = [view(grid.levels[0]!), view(grid.levels.at(-1)!)];
    const onX = new Float64Array(rows);
    const onM0 = new Float64Array(rows);
    const onM1 = new Float64Array(rows);
    const onMt = new Float64Array(rows);
    const balance = new Float64Array(rows); // a − 1
    let products = new Float64Array(0); // ⟨m1,m1⟩, ⟨m0 − m1, m1⟩ per row, from the step before
    let previous: Step | undefined;

    await data(m0, x, steps[0]!.from);
    for (const step of steps) {
      if (!previous || step.to.sigma === 0 || (step.isLast && lastStep === "ddim")) {
        combine(x, ...dataStep(step, x, m0));
      } else if (step.isLast && lastStep === "released") {
        combine(x, ...releasedLastStep(view(step.from), view(step.to), unscale(step, space), x, m0, m1));
      } else {
        const geometry = stepGeometry(view(previous.from), view(step.from), view(step.to), start, end);
        const { keep, lift } = unscale(step, space);
        const onPrediction = lift * geometry.sigma * geometry.h;
        for (let row = 0; row < rows; row++) {
          balance[row] = balanceMinusOne(geometry, products[2 * row + 1]!, products[2 * row]!);
          const weight = lift * probeWeight(geometry, balance[row]!);
          onX[row] = keep * geometry.ratio;
          onM0[row] = onPrediction + weight;
          onM1[row] = -weight * (1 + balance[row]!);
        }
        combine(probe, [onX, x], [onM0, m0], [onM1, m1]);
        await data(probe, probe, step.to); // the only call of the step
        const products3 = gram([m0, [m0, m1], [probe, m0]], rows);
        const longRun = steps.length > 20;
        for (let row = 0; row < rows; row++) {
          const [a, d, u] = correction(geometry, balance[row]!, products3, 6 * row, { shift, longRun });
          onM0[row] = onPrediction + lift * (a + d - u);
          onM1[row] = -lift * d;
          onMt[row] = lift * u;
          products[2 * row] = products3[6 * row]!;
          products[2 * row + 1] = products3[6 * row + 2]!;
        }
        combine(x, [onX, x], [onM0, m0], [onM1, m1], [onMt, probe]);
        [m1, m0, probe] = [m0, probe, m1];
      }
      if (!previous && steps.length > 1) {
        await data(m1, x, step.to);
        [m0, m1] = [m1, m0];
        const products2 = gram([m1, [m0, m1]], rows);
        products = new Float64Array(2 * rows);
        for (let row = 0; row < rows; row++) {
          products[2 * row] = products2[3 * row]!;
          products[2 * row + 1] = products2[3 * row + 1]!;
        }
      }
      previous = step;
      yield step;
    }
  },
});

/** The level as the released class would see it: x/α, σ̃ = σ/α, with σ̃ as the time. */
function scaled(at: Level): Level {
  const sigma = scaledSigma(at);
  return { t: sigma, modelTime: at.modelTime, alpha: 1, sigma, lambda: at.lambda };
}

/** What turns coefficients of the chosen space into coefficients on x: `keep` for x, `lift` for predictions. */
function unscale({ from, to }: Step, space: "process" | "scaled"): { keep: number; lift: number } {
  return space === "scaled" ? { keep: to.alpha / from.alpha, lift: to.alpha } : { keep: 1, lift: 1 };
}

/** f x̂ + ½ σ_t h (m0 − d m1), x̂ the DDIM step, f = 1 − √(σ_t σ_s): first order, and not exact on the ODE. */
function releasedLastStep(
  from: Level,
  to: Level,
  { keep, lift }: { keep: number; lift: number },
  x: Vector,
  m0: Vector,
  m1: Vector,
): Term[] {
  const ratio = to.sigma / from.sigma;
  const onPrediction = to.alpha - from.alpha * ratio; // σ_t h
  const shrink = 1 - Math.sqrt(to.sigma * from.sigma);
  const old = 1 - 0.5 * Math.sqrt(ratio < 0.5 ? ratio : ratio - 0.5);
  return [
    [keep * shrink * ratio, x],
    [lift * onPrediction * (shrink + 0.5), m0],
    [-lift * onPrediction * 0.5 * old, m1],
  ];
}
