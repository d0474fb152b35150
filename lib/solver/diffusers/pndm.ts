import { z } from "zod";
import type { Vector } from "../../device/index.js";
import { requireArgument } from "../../errors.js";
import type { Process } from "../../process/index.js";
import type { Grid, GridMaker, GridStep } from "../../schedule/index.js";
import { adamsBashforth } from "../adams/adams-bashforth.js";
import { noiseStep } from "../first-order.js";
import { defineSolver, type SolverGrid, type Step, type Term } from "../solver.js";

/** How the method starts: the weights of a starting step on its evaluations, and how many such steps there are. */
const starts = {
  heun: { weights: [1 / 2, 1 / 2], steps: 1 },
  "runge-kutta": { weights: [1 / 6, 1 / 3, 1 / 3, 1 / 6], steps: 3 },
};

/**
 * PNDM as diffusers steps it (Liu et al. 2022, Eq. 9 and 12-13; Crowson's PLMS start). Every evaluation is a step of
 * the grid, which says where from and where to, since diffusers lands at timesteps other than those it evaluates at;
 * of a plain grid the start's steps are made as it makes them. After the start come Adams–Bashforth's weights for equal
 * steps, whatever the spacing.
 */
export const pndmDiffusers = defineSolver({
  name: "pndm-diffusers",
  title: "PNDM in diffusers' timesteps",
  source: "diffusers, PNDMScheduler; Liu et al. 2022, Eq. 12-13",
  stochastic: false,
  options: z.strictObject({
    start: z
      .enum(["heun", "runge-kutta"])
      .default("heun")
      .describe("one step of two evaluations (PLMS), or three of four (PRK)"),
    extrapolates: z
      .enum(["noise", "v"])
      .default("noise")
      .describe("prediction that the weights apply to; diffusers takes the one the model was trained for"),
  }),
  order: () => 2, // equal-step weights on unequal steps
  orderCases: [{ start: "runge-kutta" }, { extrapolates: "v" }],
  measuredOrder: ({ extrapolates }) =>
    extrapolates === "v"
      ? { order: 1, reason: "a step is exact for predictions of constant noise, not of constant v" }
      : undefined,
  evaluations: (steps) => steps,
  vectors: ({ start }) => 4 + starts[start].weights.length,
  predicts: "noise",
  minimumSteps: 2,
  grid: (make, steps, { start }, process) => evaluationGrid(make, steps, start, process),
  async *sample(run, { start, extrapolates }) {
    const { steps, x, combine } = run;
    const { weights, steps: startSteps } = starts[start];
    const [kept] = run.vectors(1);
    const history: Vector[] = run.vectors(4);
    const inner = run.vectors(weights.length - 1);
    let known = 0;
    const advance = (step: Step, base: Vector, predictions: readonly Vector[], shares: readonly number[]) => {
      const [[onX], [onNoise]] = noiseStep(step, base, kept);
      // ε = (α v + σ x)/(α² + σ²)
      const { alpha, sigma } = step.from;
      const scale = onNoise / (alpha * alpha + sigma * sigma);
      const [onPrediction, onBase] =
        extrapolates === "v" ? [scale * alpha, onX + scale * sigma] : [onNoise, onX];
      combine(x, [onBase, base], ...shares.map((w, j): Term => [onPrediction * w, predictions[j]!]));
    };
    for (const step of steps) {
      const stage = step.index < startSteps * weights.length ? step.index % weights.length : undefined;
      if (!stage) {
        history.unshift(history.pop()!);
        known = Math.min(known + 1, history.length);
      }
      const newest = stage ? inner[stage - 1]! : history[0]!;
      const at = step.at ?? step.from;
      await run.noise(newest, x, at);
      if (extrapolates === "v") {
        const { alpha, sigma } = at; // v = ((α² + σ²) ε − σ x)/α
        combine(newest, [(alpha * alpha + sigma * sigma) / alpha, newest], [-sigma / alpha, x]);
      }
      if (stage === 0) combine(kept, [1, x]);
      if (stage === undefined) advance(step, x, history, adamsBashforth[known]!);
      else if (stage < weights.length - 1) advance(step, kept, [newest], [1]);
      else advance(step, kept, [history[0]!, ...inner], weights);
      yield step;
    }
  },
});

type Start = keyof typeof starts;

/** One step for each of `evaluations`: as the request lists them, or made of a grid with fewer intervals. */
function evaluationGrid(make: GridMaker, evaluations: number, start: Start, process: Process): SolverGrid {
  const { weights, steps } = starts[start];
  const given = make(evaluations);
  if (given.steps) return given;
  const intervals = evaluations - steps * (weights.length - 1);
  requireArgument(
    intervals >= steps,
    "steps",
    `the start alone takes ${steps * weights.length} evaluations, received ${evaluations}`,
  );
  const grid = make(intervals);
  // The start predicts noise at the end of its steps, where σ = 0 leaves none to predict.
  const known = intervals - Number(grid.levels.at(-1)!.sigma === 0);
  requireArgument(
    known >= steps,
    "steps",
    `the start alone takes ${steps * weights.length} evaluations before a last step to zero, received ${evaluations}`,
  );
  const plain = grid.levels.slice(1).map((to, i): GridStep => ({ from: grid.levels[i]!, to }));
  const begun = plain.slice(0, steps).flatMap((step) => startSteps(step, start, grid, process));
  const all = [...begun, ...plain.slice(steps)];
  return { ...grid, steps: all, levels: [...all.map(({ from }) => from), grid.levels.at(-1)!] };
}

/** Heun: to the end, and again from there. Runge-Kutta: twice to the middle, from there and from the end to the end. */
function startSteps({ from, to }: GridStep, start: Start, grid: Grid, process: Process): GridStep[] {
  if (start === "heun")
    return [
      { from, to },
      { from, to, at: to },
    ];
  const middle = grid.rule(process, from, to, 2)[1]!;
  return [
    { from, to: middle },
    { from, to: middle, at: middle },
    { from, to, at: middle },
    { from, to, at: to },
  ];
}
