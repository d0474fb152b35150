import { z } from "zod";
import {
  atScaledSigma,
  type Level,
  linearClock,
  type NoiseClock,
  scaledSigma,
  varianceClock,
  vpClockOf,
} from "../../process/index.js";
import { defineSolver } from "../solver.js";
import { churnOptions, churnVector, raiseNoise } from "./churn.js";

/**
 * EDM's generalised sampler (Karras et al. 2022, Algorithm 3 with Eq. 4): the probability-flow ODE of z = s x/α stepped
 * in a chosen time t with a chosen scaling s(t),
 *
 *     dz/dt = (σ̃'/σ̃ + s'/s) z − (σ̃' s/σ̃) D,
 *
 * by Euler's method or a second-order one. It shows what a choice of coordinates costs: the same ODE, other steps.
 */
export const edmGeneral = defineSolver({
  name: "edm-general",
  title: "EDM generalised",
  source: "Karras et al. 2022, Algorithm 3 and Table 1",
  stochastic: ({ churn }) => churn > 0,
  options: z.strictObject({
    method: z.enum(["euler", "heun"]).default("heun").describe("first or second order"),
    clock: z
      .enum(["linear", "ve", "vp"])
      .default("linear")
      .describe("time: sigma; sigma^2; the linear VP process's over the model's range"),
    scaling: z.enum(["none", "vp"]).default("none").describe("s = 1, or 1/sqrt(1 + sigma^2)"),
    alpha: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .describe("place of heun's second evaluation in the step: 1 Heun, 2/3 Ralston, 1/2 midpoint"),
    ...churnOptions,
  }),
  order: ({ method }) => (method === "heun" ? 2 : 1),
  orderCases: [
    { method: "euler", clock: "vp", scaling: "vp" },
    { clock: "vp", scaling: "vp" },
    { clock: "ve" },
  ],
  evaluations: (steps, { method }) => (method === "heun" ? 2 * steps - 1 : steps),
  vectors: ({ method, churn }) => (method === "heun" ? 3 : 1) + Number(churn > 0),
  predicts: "data",
  final: "zero",
  async *sample(run, options) {
    const { process, steps, x, combine, data } = run;
    const [m] = run.vectors(1);
    const [ahead, mAhead] = options.method === "heun" ? run.vectors(2) : [];
    const z = churnVector(run, options);
    const clocks = { linear: () => linearClock, ve: () => varianceClock, vp: () => vpClockOf(process) };
    const clock = clocks[options.clock]();
    const view = (level: Level) => coordinates(level, clock, options.scaling === "vp");
    for (const given of steps) {
      const { from, to } = raiseNoise(run, given, z, options);
      await data(m, x, from);
      const [start, end] = [view(from), view(to)];
      const h = end.t - start.t;
      if (!ahead || !mAhead || to.sigma === 0) {
        combine(
          x,
          [(end.toX * (1 + h * start.onState)) / start.toX, x],
          [end.toX * h * start.onPrediction, m],
        );
      } else {
        const { alpha } = options;
        const second = alpha === 1 ? to : atScaledSigma(process, clock.sigmaOf(start.t + alpha * h));
        const there = view(second);
        combine(
          ahead,
          [(there.toX * (1 + alpha * h * start.onState)) / start.toX, x],
          [there.toX * alpha * h * start.onPrediction, m],
        );
        await data(mAhead, ahead, second);
        const late = h / (2 * alpha);
        const early = h - late;
        combine(
          x,
          [(end.toX * (1 + early * start.onState)) / start.toX, x],
          [end.toX * early * start.onPrediction, m],
          [(end.toX * late * there.onState) / there.toX, ahead],
          [end.toX * late * there.onPrediction, mAhead],
        );
      }
      yield given;
    }
  },
});

interface Coordinates {
  readonly t: number;
  /** α/s: x = toX · z. */
  readonly toX: number;
  /** σ̃'/σ̃ + s'/s. */
  readonly onState: number;
  /** −σ̃' s/σ̃. */
  readonly onPrediction: number;
}

function coordinates(level: Level, clock: NoiseClock, vpScaling: boolean): Coordinates {
  const sigma = scaledSigma(level);
  const t = clock.timeOf(sigma);
  const s = vpScaling ? 1 / Math.hypot(1, sigma) : 1;
  const slope = clock.slope(t);
  return {
    t,
    toX: level.alpha / s,
    onState: slope / sigma - (vpScaling ? sigma * slope * s * s : 0),
    onPrediction: (-slope * s) / sigma,
  };
}
