import { z } from "zod";
import type { Vector } from "../../device/index.js";
import type { Level } from "../../process/index.js";
import { noiseStep, weightedNoiseStep } from "../first-order.js";
import { defineSolver, type Run, type Step } from "../solver.js";
import { adamsBashforth } from "./adams-bashforth.js";

/** A starting step: needs ε̂ at s in `e`, leaves x at t. */
type Start = (run: Run, step: Step, e: Vector, scratch: readonly Vector[]) => Promise<void>;

/** PNDM's second-order start: Heun's weights on DDIM's transfer. One call more than a step. */
const improvedEuler: Start = async (run, step, e, [ahead, eAhead]) => {
  run.combine(ahead!, ...noiseStep(step, run.x, e));
  await run.noise(eAhead!, ahead!, step.to);
  run.combine(run.x, ...weightedNoiseStep(step, run.x, [e, eAhead!], [1 / 2, 1 / 2]));
};

/** PNDM's fourth-order start: Runge–Kutta's nodes and weights on DDIM's transfer (Liu et al. 2022, Eq. 13). Three more. */
const rungeKutta: Start = async (run, step, e, [ahead, e2, e3, e4]) => {
  const { process, combine, x } = run;
  const { from, to } = step;
  const middle = process.at((from.t + to.t) / 2);
  const probe = async (into: Vector, along: Vector, at: Level) => {
    combine(ahead!, ...noiseStep({ from, to: at }, x, along));
    await run.noise(into, ahead!, at);
  };
  await probe(e2!, e, middle);
  await probe(e3!, e2!, middle);
  await probe(e4!, e3!, to);
  combine(x, ...weightedNoiseStep(step, x, [e, e2!, e3!, e4!], [1 / 6, 1 / 3, 1 / 3, 1 / 6]));
};

/**
 * Pseudo linear multi-step methods: Adams–Bashforth weights of equal steps, begun by `count` single-step starts. The
 * weights suit grids of equal steps in time, as the original's. A step to σ = 0, where ε̂ is undefined, needs no start.
 */
async function* pseudoMultistep(
  run: Run,
  order: number,
  { start, count, scratch }: { start: Start; count: number; scratch: number },
): AsyncGenerator<Step, void> {
  const held = run.vectors(order);
  const spare = run.vectors(scratch);
  for (const step of run.steps) {
    held.unshift(held.pop()!);
    await run.noise(held[0]!, run.x, step.from);
    if (step.index < count && step.to.sigma > 0) {
      await start(run, step, held[0]!, spare);
    } else {
      const weights = adamsBashforth[Math.min(order, step.index + 1)]!;
      run.combine(run.x, ...weightedNoiseStep(step, run.x, held, weights));
    }
    yield step;
  }
}

/** What every member claims: equal-step weights are second order on steps that are not equal in σ/α. */
const pseudoOrder = 2;

export const fPndm = defineSolver({
  name: "f-pndm",
  title: "F-PNDM",
  source: "Liu et al. 2022 (PNDM), Algorithm 2",
  stochastic: false,
  options: z.strictObject({}),
  order: () => pseudoOrder,
  evaluations: (steps) => steps + 3 * Math.min(steps, 3),
  vectors: () => 8,
  predicts: "noise",
  sample: (run) => pseudoMultistep(run, 4, { start: rungeKutta, count: 3, scratch: 4 }),
});

export const sPndm = defineSolver({
  name: "s-pndm",
  title: "S-PNDM",
  source: "Liu et al. 2022 (PNDM), App. A.1",
  stochastic: false,
  options: z.strictObject({}),
  order: () => pseudoOrder,
  evaluations: (steps) => steps + 1,
  vectors: () => 4,
  predicts: "noise",
  sample: (run) => pseudoMultistep(run, 2, { start: improvedEuler, count: 1, scratch: 2 }),
});

/** PNDM as latent diffusion uses it: one improved Euler step, then Adams–Bashforth 2, 3, 4. */
export const plms = defineSolver({
  name: "plms",
  title: "PLMS",
  source: "Liu et al. 2022 (PNDM), as in latent-diffusion's and diffusers' PLMS",
  stochastic: false,
  options: z.strictObject({
    order: z.int().min(2).max(4).default(4).describe("noise predictions used once there are as many"),
  }),
  order: () => pseudoOrder,
  evaluations: (steps) => steps + 1,
  vectors: ({ order }) => order + 2,
  predicts: "noise",
  sample: (run, { order }) => pseudoMultistep(run, order, { start: improvedEuler, count: 1, scratch: 2 }),
});
