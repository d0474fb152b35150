import { z } from "zod";
import { dataStep, noiseStep } from "../first-order.js";
import { defineSolver } from "../solver.js";
import { ancestralOptions, ancestralStep, freshNoise } from "./step.js";

export const eulerAncestral = defineSolver({
  name: "euler-ancestral",
  title: "Euler ancestral",
  source: "Crowson, k-diffusion, sample_euler_ancestral",
  stochastic: ({ eta }) => eta > 0,
  options: z.strictObject(ancestralOptions),
  order: () => 1,
  orderCases: [{ eta: 0 }],
  evaluations: (steps) => steps,
  vectors: () => 2,
  predicts: "data",
  fromPureNoise: true,
  final: "zero",
  async *sample(run, { eta, noiseScale }) {
    const { steps, x, data, combine } = run;
    const [m, z] = run.vectors(2);
    for (const step of steps) {
      const { down, up } = ancestralStep(step, eta);
      await data(m, x, step.from);
      combine(x, ...dataStep({ from: step.from, to: down }, x, m), ...freshNoise(run, z, up * noiseScale));
      yield step;
    }
  },
});

/** DPM2 with ancestral noise: the second evaluation is half-way to σ̃_down in log-SNR. */
export const dpm2Ancestral = defineSolver({
  name: "dpm2-ancestral",
  title: "DPM2 ancestral",
  source: "Crowson, k-diffusion, sample_dpm_2_ancestral",
  stochastic: ({ eta }) => eta > 0,
  options: z.strictObject(ancestralOptions),
  order: ({ eta }) => (eta > 0 ? 1 : 2),
  orderCases: [{ eta: 0 }],
  evaluations: (steps) => 2 * steps - 1,
  vectors: () => 2,
  predicts: "noise",
  final: "zero",
  async *sample(run, { eta, noiseScale }) {
    const { process, steps, x, noise, combine } = run;
    const [e, ahead] = run.vectors(2);
    for (const step of steps) {
      const { from } = step;
      const { down, up } = ancestralStep(step, eta);
      await noise(e, x, from);
      if (down.sigma > 0) {
        const middle = process.atLambda((from.lambda + down.lambda) / 2);
        combine(ahead, ...noiseStep({ from, to: middle }, x, e));
        await noise(e, ahead, middle);
      }
      combine(x, ...noiseStep({ from, to: down }, x, e), ...freshNoise(run, ahead, up * noiseScale));
      yield step;
    }
  },
});

/** DPM-Solver++ 2S with ancestral noise. */
export const dpmSolverPlusPlus2SAncestral = defineSolver({
  name: "dpm-solver++-2s-ancestral",
  title: "DPM-Solver++ 2S ancestral",
  source: "Crowson, k-diffusion, sample_dpmpp_2s_ancestral",
  stochastic: ({ eta }) => eta > 0,
  options: z.strictObject(ancestralOptions),
  order: ({ eta }) => (eta > 0 ? 1 : 2),
  orderCases: [{ eta: 0 }],
  evaluations: (steps) => 2 * steps - 1,
  vectors: () => 2,
  predicts: "data",
  final: "zero",
  async *sample(run, { eta, noiseScale }) {
    const { process, steps, x, data, combine } = run;
    const [m, ahead] = run.vectors(2);
    for (const step of steps) {
      const { from } = step;
      const { down, up } = ancestralStep(step, eta);
      await data(m, x, from);
      if (down.sigma > 0) {
        const middle = process.atLambda((from.lambda + down.lambda) / 2);
        combine(ahead, ...dataStep({ from, to: middle }, x, m));
        await data(m, ahead, middle);
      }
      combine(x, ...dataStep({ from, to: down }, x, m), ...freshNoise(run, ahead, up * noiseScale));
      yield step;
    }
  },
});

/** DPM-Solver++ SDE, single-step: both the step to the interior node and the whole step are ancestral. */
export const dpmSolverPlusPlusSde = defineSolver({
  name: "dpm-solver++-sde",
  title: "DPM-Solver++ SDE",
  source: "Crowson, k-diffusion, sample_dpmpp_sde",
  stochastic: ({ eta }) => eta > 0,
  options: z.strictObject({
    ...ancestralOptions,
    r: z.number().gt(0).lt(1).default(0.5).describe("place of the second evaluation, as a share of log-SNR"),
  }),
  order: ({ eta }) => (eta > 0 ? 1 : 2),
  orderCases: [{ eta: 0 }, { eta: 0, r: 0.3 }],
  evaluations: (steps) => 2 * steps - 1,
  vectors: () => 4,
  predicts: "data",
  final: "zero",
  async *sample(run, { eta, noiseScale, r }) {
    const { process, steps, x, data, combine } = run;
    const [m, ahead, mAhead, z] = run.vectors(4);
    for (const step of steps) {
      const { from, to } = step;
      await data(m, x, from);
      if (to.sigma === 0) {
        combine(x, ...dataStep(step, x, m));
      } else {
        const middle = process.atLambda(from.lambda + r * step.h);
        const half = ancestralStep({ from, to: middle }, eta);
        combine(
          ahead,
          ...dataStep({ from, to: half.down }, x, m),
          ...freshNoise(run, z, half.up * noiseScale),
        );
        await data(mAhead, ahead, middle);

        const whole = ancestralStep(step, eta);
        const share = 1 / (2 * r);
        const [onX, [onPrediction]] = dataStep({ from, to: whole.down }, x, m);
        combine(
          x,
          onX,
          [onPrediction * (1 - share), m],
          [onPrediction * share, mAhead],
          ...freshNoise(run, z, whole.up * noiseScale),
        );
      }
      yield step;
    }
  },
});
