import { z } from "zod";
import type { PredictionForm } from "../../process/index.js";
import { defineSolver } from "../solver.js";
import { multistep, secondMoments } from "./multistep.js";
import {
  correction,
  halvedDerivative,
  loweredOrder,
  lowerOrderFinal,
  solverName,
  solverTitle,
} from "./options.js";

const noise = {
  eta: z
    .number()
    .nonnegative()
    .default(1)
    .describe("share of the SDE's noise: 0 is the ODE, 1 the reverse SDE"),
  noiseScale: z.number().nonnegative().default(1).describe("standard deviation of the noise drawn (s_noise)"),
};

/**
 * SDE-DPM-Solver (Lu et al. 2022b; k-diffusion's general η): the same polynomial in the prediction, the
 * integral weighed by e^{−(1+η)(λ_t − λ)}, and σ_t √(1 − e^{−2ηh}) of fresh noise.
 */
const first = (prediction: PredictionForm) =>
  defineSolver({
    name: `sde-${solverName(prediction)}-1`,
    title: `SDE-${solverTitle(prediction)} 1`,
    source: `Lu et al. 2022b, SDE-${solverTitle(prediction)}-1`,
    stochastic: ({ eta }) => eta > 0,
    options: z.strictObject(noise),
    order: () => 1,
    orderCases: [{ eta: 0 }],
    evaluations: (steps) => steps,
    vectors: ({ eta }) => (eta > 0 ? 2 : 1),
    predicts: prediction,
    fromPureNoise: prediction === "data",
    sample: (run, options) =>
      multistep(run, {
        prediction,
        order: 1,
        correction: "midpoint",
        lowerOrderFinal: false,
        secondMoment: secondMoments.exact,
        ...options,
      }),
  });

const second = (prediction: PredictionForm) =>
  defineSolver({
    name: `sde-${solverName(prediction)}-2m`,
    title: `SDE-${solverTitle(prediction)} 2M`,
    source: `Lu et al. 2022b, SDE-${solverTitle(prediction)}(2M)`,
    stochastic: ({ eta }) => eta > 0,
    options: z.strictObject({ ...noise, correction, lowerOrderFinal }),
    order: () => 2,
    orderCases: [{ eta: 0 }],
    evaluations: (steps) => steps,
    vectors: ({ eta }) => (eta > 0 ? 3 : 2),
    predicts: prediction,
    fromPureNoise: prediction === "data",
    sample: (run, options) =>
      multistep(run, { prediction, order: 2, secondMoment: secondMoments.exact, ...options }),
  });

/** k-diffusion's dpmpp_3m_sde, and diffusers' third-order sde-dpmsolver++. */
const third = defineSolver({
  name: "sde-dpm-solver++-3m",
  title: "SDE-DPM-Solver++ 3M",
  source: "Crowson, k-diffusion dpmpp_3m_sde; second derivative corrected",
  stochastic: ({ eta }) => eta > 0,
  options: z.strictObject({
    ...noise,
    variant: z
      .enum(["exact", "released", "diffusers"])
      .default("exact")
      .describe(
        "weight of the second derivative: right; halved as in k-diffusion; with diffusers' sign of the one half, worse at few steps than first order",
      ),
    correction: correction.describe(
      "second-order steps at the start and end: half the first-order term, or exact",
    ),
    lowerOrderFinal,
  }),
  order: () => 3,
  measuredOrder: ({ variant, lowerOrderFinal }) =>
    ({
      exact: loweredOrder(3, lowerOrderFinal),
      released: halvedDerivative,
      diffusers: {
        order: 1,
        reason: "with the sign of its one half the second derivative's weight does not vanish with the step",
      },
    })[variant],
  orderCases: [
    { eta: 0 },
    { eta: 0, variant: "diffusers", lowerOrderFinal: false },
    { eta: 0, lowerOrderFinal: false },
    { eta: 0, variant: "released", lowerOrderFinal: false },
  ],
  evaluations: (steps) => steps,
  vectors: ({ eta }) => (eta > 0 ? 4 : 3),
  predicts: "data",
  fromPureNoise: true,
  sample: (run, { variant, ...options }) =>
    multistep(run, { prediction: "data", order: 3, secondMoment: secondMoments[variant], ...options }),
});

export const dpmSolverSde = [first("noise"), second("noise"), first("data"), second("data"), third];
