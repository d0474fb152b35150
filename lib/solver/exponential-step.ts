import type { Level, PredictionForm } from "../process/index.js";
import { lagrangeBasis } from "./lagrange.js";
import { factorial, phi } from "./phi-functions.js";

/**
 * The exact solution of the diffusion ODE or SDE over one step, up to the integral over the model (DPM-Solver
 * Eq. 3.4; DPM-Solver++ Eq. 8 and its SDE form): with θ = (λ − λ_s)/h and the prediction as a power series in θ,
 *
 *     x_t = keep·x_s + Σ_k moment(k)·m^{(k)} + fresh·z,   moment(k) = scale·|z|·φ_{k+1}(z)
 *
 * where m^{(k)} is its k-th derivative in θ at s. Every DPM-Solver and UniPC formula is a choice of nodes for these
 * derivatives and of what to put in a moment's place.
 */
export interface ExponentialStep {
  readonly keep: number;
  moment(k: number): number;
  /** moment(k) with φ_{k+1} at 0, where it is 1/(k+1)!: the integral without its exponential weight. */
  plainMoment(k: number): number;
  /** Standard deviation of the noise that an SDE adds; 0 for the ODE. */
  readonly fresh: number;
}

/**
 * @param eta share of the SDE's noise, 0 for the ODE (k-diffusion's η). Data: z = −(1+η)h, scale α_t; noise:
 * z = h, scale −(1+η)σ_t. A step to σ = 0 leaves nothing to add noise for: it is the ODE's.
 */
export function exponentialStep(
  prediction: PredictionForm,
  from: Level,
  to: Level,
  eta = 0,
): ExponentialStep {
  if (to.sigma === 0) return stepToZero(prediction, from, to);
  const h = to.lambda - from.lambda;
  const data = prediction === "data";
  const z = data ? -(1 + eta) * h : h;
  const scale = data ? to.alpha : -(1 + eta) * to.sigma;
  const reach = Math.abs(z);
  return {
    // h is infinite from pure noise, and no share of it is nothing.
    keep: data ? (to.sigma / from.sigma) * (eta === 0 ? 1 : Math.exp(-eta * h)) : to.alpha / from.alpha,
    // |z| φ₁(z) = |e^z − 1|
    moment: (k) => scale * (k === 0 ? Math.abs(Math.expm1(z)) : reach * phi(k + 1, z)),
    plainMoment: (k) => (scale * reach) / factorial(k + 1),
    fresh: eta === 0 ? 0 : freshNoise(prediction, to.sigma, h, eta),
  };
}

/** x_t = α_t m = (α_t/α_s)(x − σ_s e). h is infinite, so no other moment exists. */
function stepToZero(prediction: PredictionForm, from: Level, to: Level): ExponentialStep {
  const data = prediction === "data";
  const whole = data ? to.alpha : (-from.sigma * to.alpha) / from.alpha;
  const moment = (k: number) => (k === 0 ? whole : Number.NaN);
  return { keep: data ? 0 : to.alpha / from.alpha, moment, plainMoment: moment, fresh: 0 };
}

/** σ_t √(1 − e^{−2ηh}) in data prediction (k-diffusion), σ_t √(η(e^{2h} − 1)) in noise prediction. */
function freshNoise(prediction: PredictionForm, sigma: number, h: number, eta: number): number {
  return sigma * Math.sqrt(prediction === "data" ? -Math.expm1(-2 * eta * h) : eta * Math.expm1(2 * h));
}

/**
 * Weights on the predictions at the nodes: Σ_k moments[k]·p^{(k)}(0), p the polynomial through them. One moment per
 * node; exact for predictions that are polynomials of that degree in θ.
 */
export function interpolationWeights(nodes: readonly number[], moments: readonly number[]): number[] {
  return lagrangeBasis(nodes).map((coefficients) => {
    let weight = 0;
    for (let k = 0; k < nodes.length; k++) weight += moments[k]! * factorial(k) * coefficients[k]!;
    return weight;
  });
}

/** How the two-node, second-order formula weighs the derivative. */
export type Correction = "midpoint" | "heun";

/** Moments for two nodes: "midpoint" takes half of moment(0) for moment(1), "heun" its exact value. */
export function secondOrderMoments(step: ExponentialStep, correction: Correction): number[] {
  const whole = step.moment(0);
  return [whole, correction === "midpoint" ? whole / 2 : step.moment(1)];
}
