import type { Vector } from "../native/index.js";
import type { Level, Prediction } from "../process/index.js";
import type { Axes, Components } from "./mixture-world.js";

/** Writes the prediction for the row that begins at `offset`. */
export type RowEvaluator = (input: Vector, output: Vector, offset: number, level: Level) => void;

/** Below this a variance counts as this: a point component at σ = 0 then takes what lies nearest to it. */
const smallestVariance = 1e-200;
/** exp underflows to 0 below this. */
const negligible = -745;

/**
 * Every prediction is Σ_k r_k (a μ_k + q_k (x − α μ_k)) over the components' responsibilities r_k:
 * D has a = 1, q = α s²/v with v = α² s² + σ²; the noise prediction has a = 0, q = σ/v, free of the cancellation in
 * (x − α D)/σ; v = α e − σ D, u = e − D; the score is −1/v.
 */
function coefficients(
  prediction: Prediction,
  { alpha, sigma }: Level,
): { mean: number; data: number; noise: number; score: number } {
  if (prediction === "epsilon") return { mean: 0, data: 0, noise: sigma, score: 0 };
  if (prediction === "score") return { mean: 0, data: 0, noise: 0, score: 1 };
  if (prediction === "v") return { mean: -sigma, data: -sigma * alpha, noise: alpha * sigma, score: 0 };
  if (prediction === "flow-velocity") return { mean: -1, data: -alpha, noise: sigma, score: 0 };
  return { mean: 1, data: alpha, noise: 0, score: 0 };
}

/** The row evaluator of a mixture. Constants of a level are kept while consecutive rows share it. */
export function posterior(world: Components, prediction: Prediction): RowEvaluator {
  return world.axes
    ? fullPosterior(world, world.axes, prediction)
    : isotropicPosterior(world, world.variances!, prediction);
}

function isotropicPosterior(
  { count, size, logWeights, means }: Components,
  variances: Float64Array,
  prediction: Prediction,
): RowEvaluator {
  const logNorms = new Float64Array(count);
  const halfPrecisions = new Float64Array(count);
  const residuals = new Float64Array(count);
  const logits = new Float64Array(count);
  const sum = new Float64Array(size);
  let meanFactor = 0;
  let current: Level | undefined;
  const prepare = (level: Level) => {
    const { alpha, sigma } = level;
    const factors = coefficients(prediction, level);
    meanFactor = factors.mean;
    for (let k = 0; k < count; k++) {
      const variance = variances[k]!;
      const v = Math.max(alpha * alpha * variance + sigma * sigma, smallestVariance);
      logNorms[k] = logWeights[k]! - 0.5 * size * Math.log(v);
      halfPrecisions[k] = 0.5 / v;
      residuals[k] = (factors.data * variance + factors.noise - factors.score) / v;
    }
    current = level;
  };
  return (input, output, offset, level) => {
    if (level !== current) prepare(level);
    const { alpha } = level;
    let largest = -Infinity;
    for (let k = 0, at = 0; k < count; k++) {
      let squares = 0;
      for (let j = 0; j < size; j++, at++) {
        const gap = input[offset + j]! - alpha * means[at]!;
        squares += gap * gap;
      }
      const logit = logNorms[k]! - squares * halfPrecisions[k]!;
      logits[k] = logit;
      if (logit > largest) largest = logit;
    }
    sum.fill(0);
    let total = 0;
    for (let k = 0; k < count; k++) {
      // Not `<=`: a row with a NaN must stay NaN.
      if (logits[k]! - largest < negligible) continue;
      const weight = Math.exp(logits[k]! - largest);
      total += weight;
      const meanWeight = weight * meanFactor;
      const residualWeight = weight * residuals[k]!;
      for (let j = 0, at = k * size; j < size; j++, at++) {
        const mean = means[at]!;
        sum[j]! += meanWeight * mean + residualWeight * (input[offset + j]! - alpha * mean);
      }
    }
    for (let j = 0; j < size; j++) output[offset + j] = sum[j]! / total;
  };
}

function fullPosterior(
  { count, size, logWeights, means }: Components,
  axes: readonly Axes[],
  prediction: Prediction,
): RowEvaluator {
  const logNorms = new Float64Array(count);
  const precisions = new Float64Array(count * size);
  const residuals = new Float64Array(count * size);
  const projected = new Float64Array(count * size);
  const logits = new Float64Array(count);
  const gap = new Float64Array(size);
  const sum = new Float64Array(size);
  let meanFactor = 0;
  let current: Level | undefined;
  const prepare = (level: Level) => {
    const { alpha, sigma } = level;
    const factors = coefficients(prediction, level);
    meanFactor = factors.mean;
    for (let k = 0; k < count; k++) {
      logNorms[k] = logWeights[k]!;
      for (let j = 0; j < size; j++) {
        const variance = axes[k]!.variances[j]!;
        const v = Math.max(alpha * alpha * variance + sigma * sigma, smallestVariance);
        logNorms[k]! -= 0.5 * Math.log(v);
        precisions[k * size + j] = 1 / v;
        residuals[k * size + j] = (factors.data * variance + factors.noise - factors.score) / v;
      }
    }
    current = level;
  };
  return (input, output, offset, level) => {
    if (level !== current) prepare(level);
    const { alpha } = level;
    let largest = -Infinity;
    for (let k = 0; k < count; k++) {
      const { vectors } = axes[k]!;
      for (let j = 0; j < size; j++) gap[j] = input[offset + j]! - alpha * means[k * size + j]!;
      let squares = 0;
      for (let axis = 0; axis < size; axis++) {
        let along = 0;
        for (let j = 0; j < size; j++) along += vectors[axis * size + j]! * gap[j]!;
        projected[k * size + axis] = along;
        squares += along * along * precisions[k * size + axis]!;
      }
      logits[k] = logNorms[k]! - 0.5 * squares;
      if (logits[k]! > largest) largest = logits[k]!;
    }
    sum.fill(0);
    let total = 0;
    for (let k = 0; k < count; k++) {
      if (logits[k]! - largest < negligible) continue;
      const weight = Math.exp(logits[k]! - largest);
      total += weight;
      const { vectors } = axes[k]!;
      for (let j = 0; j < size; j++) sum[j]! += weight * meanFactor * means[k * size + j]!;
      for (let axis = 0; axis < size; axis++) {
        const along = weight * residuals[k * size + axis]! * projected[k * size + axis]!;
        for (let j = 0; j < size; j++) sum[j]! += along * vectors[axis * size + j]!;
      }
    }
    for (let j = 0; j < size; j++) output[offset + j] = sum[j]! / total;
  };
}
