import { defined } from "../defined.js";
import { edm, flow, type Prediction, type Process, vpDiscrete, vpLinear } from "../process/index.js";
import type { ProcessConfig } from "./model-schema.js";

/** Builds the process a model was trained on. Raw EDM networks are told ln(σ)/4 unless the model says otherwise. */
export function processFromConfig(config: ProcessConfig, prediction: Prediction): Process {
  switch (config.type) {
    case "edm":
      return edm(
        defined({
          ...config,
          modelTime: config.modelTime ?? (prediction === "edm-raw" ? "c-noise" : "sigma"),
        }),
      );
    case "vp-linear":
      return vpLinear(defined(config));
    case "vp-discrete":
      return vpDiscrete(defined(config));
    case "flow":
      return flow(defined(config));
  }
}
