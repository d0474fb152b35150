import { QuenchError } from "../errors.js";
import type { Level } from "./level.js";
import type { Process } from "./process.js";

/** What a model emits. "edm-raw" is the bare network F of EDM's preconditioning (Karras et al. 2022, Eq. 7). */
export const predictions = ["epsilon", "sample", "v", "flow-velocity", "score", "edm-raw"] as const;
export type Prediction = (typeof predictions)[number];

/** The form in which a solver holds what a model predicts: x̂_0 or ε̂. */
export type PredictionForm = "data" | "noise";

/** A prediction as one linear combination: `x` times the state plus `output` times what the model emitted. */
export interface Conversion {
  readonly x: number;
  readonly output: number;
}

/** Coefficients of the data prediction m = x̂_0. All follow from x = α m + σ e and the prediction's definition. */
export function toData(prediction: Prediction, { alpha, sigma }: Level, process: Process): Conversion {
  switch (prediction) {
    case "sample":
      return { x: 0, output: 1 };
    case "epsilon":
      return { x: 1 / alpha, output: -sigma / alpha };
    case "v": {
      // v = α e − σ m; the denominator is 1 on VP processes.
      const norm = process.variancePreserving ? 1 : alpha * alpha + sigma * sigma;
      return { x: alpha / norm, output: -sigma / norm };
    }
    case "flow-velocity": // u = e − m
      return { x: 1 / (alpha + sigma), output: -sigma / (alpha + sigma) };
    case "score": // s = −e/σ
      return { x: 1 / alpha, output: (sigma * sigma) / alpha };
    case "edm-raw": {
      const { skip, out } = preconditioning(alpha, sigma, process);
      return { x: skip / alpha, output: out };
    }
  }
}

/** Coefficients of the noise prediction e = (x − α m)/σ, simplified where the model emits e directly. */
export function toNoise(prediction: Prediction, level: Level, process: Process): Conversion {
  const { alpha, sigma } = level;
  if (prediction === "epsilon") return { x: 0, output: 1 };
  if (prediction === "score") return { x: 0, output: -sigma };
  if (prediction === "v" && process.variancePreserving) return { x: sigma, output: alpha };
  if (prediction === "flow-velocity") return { x: 1 / (alpha + sigma), output: alpha / (alpha + sigma) };
  const data = toData(prediction, level, process);
  return { x: (1 - alpha * data.x) / sigma, output: (-alpha * data.output) / sigma };
}

/** What multiplies the state before the model sees it: EDM's c_in for raw networks, otherwise 1. */
export function inputScale(prediction: Prediction, { alpha, sigma }: Level, process: Process): number {
  return prediction === "edm-raw" ? preconditioning(alpha, sigma, process).in / alpha : 1;
}

/** EDM preconditioning at the scaled noise level σ/α (Karras et al. 2022, Table 1). */
function preconditioning(
  alpha: number,
  sigma: number,
  process: Process,
): { skip: number; out: number; in: number } {
  const sigmaData = process.sigmaData;
  if (sigmaData === undefined) {
    throw new QuenchError("INVALID_MODEL", `prediction "edm-raw" needs the process's sigmaData`, {
      where: "/process/sigmaData",
    });
  }
  const scaled = sigma / alpha;
  const norm = scaled * scaled + sigmaData * sigmaData;
  return {
    skip: (sigmaData * sigmaData) / norm,
    out: (scaled * sigmaData) / Math.sqrt(norm),
    in: 1 / Math.sqrt(norm),
  };
}
