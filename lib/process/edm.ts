import { requireArgument } from "../errors.js";
import { level } from "./level.js";
import type { Process } from "./process.js";

export interface EdmOptions {
  readonly sigmaMin?: number;
  readonly sigmaMax?: number;
  /** Standard deviation of the data, for EDM preconditioning. */
  readonly sigmaData?: number;
  /** What the model is told: σ itself or ln(σ)/4 (EDM's c_noise). Default "sigma". */
  readonly modelTime?: "sigma" | "c-noise";
}

/** EDM / variance exploding: α = 1, σ = t (Karras et al. 2022, Table 1). */
export function edm(options: EdmOptions = {}): Process {
  const { sigmaMin = 0.002, sigmaMax = 80, sigmaData = 0.5, modelTime = "sigma" } = options;
  requireArgument(
    sigmaMin > 0 && sigmaMin < sigmaMax,
    "process",
    `expected 0 < sigmaMin < sigmaMax, received ${sigmaMin}, ${sigmaMax}`,
  );
  const told = modelTime === "sigma" ? (t: number) => t : (t: number) => Math.log(t) / 4;
  const at = (t: number) => level(t, told(t), 1, t);
  return {
    type: "edm",
    tStart: sigmaMax,
    tEnd: sigmaMin,
    at,
    atLambda: (lambda) => at(Math.exp(-lambda)),
    clean: level(0, told(sigmaMin), 1, 0),
    variancePreserving: false,
    sigmaData,
  };
}
