import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { requireArgument, unknownName } from "../errors.js";
import { level } from "./level.js";
import type { Process } from "./process.js";
import { requireNumbers } from "./require-numbers.js";

const modelTimes = ["sigma", "c-noise"] as const;

export interface EdmOptions {
  readonly sigmaMin?: number;
  readonly sigmaMax?: number;
  /** Standard deviation of the data, for EDM preconditioning. */
  readonly sigmaData?: number;
  /** What the model is told: σ itself or ln(σ)/4 (EDM's c_noise). Default "sigma". */
  readonly modelTime?: (typeof modelTimes)[number];
}

const edmOptions: OptionNames<EdmOptions> = {
  sigmaMin: true,
  sigmaMax: true,
  sigmaData: true,
  modelTime: true,
};

/** EDM / variance exploding: α = 1, σ = t (Karras et al. 2022, Table 1). */
export function edm(options: EdmOptions = {}): Process {
  requireKnownOptions<EdmOptions>(options, edmOptions);
  const { sigmaMin = 0.002, sigmaMax = 80, sigmaData = 0.5, modelTime = "sigma" } = options;
  requireNumbers({ sigmaMin, sigmaMax, sigmaData });
  requireArgument(
    sigmaMin > 0 && sigmaMin < sigmaMax,
    "process",
    `expected 0 < sigmaMin < sigmaMax, received ${sigmaMin}, ${sigmaMax}`,
  );
  if (!modelTimes.includes(modelTime))
    throw unknownName("modelTime", String(modelTime), modelTimes, { where: "process.modelTime" });
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
