import { defined } from "../defined.js";
import { edm, flow, type Prediction, type Process, vpDiscrete, vpLinear } from "../process/index.js";
import type { ProcessConfig } from "./model-schema.js";

/** Builds the process a model was trained on. Raw EDM networks are told ln(σ)/4 unless the model says otherwise. */
export function processFromConfig(config: ProcessConfig, prediction: Prediction): Process {
  switch (config.type) {
    case "edm": {
      const { type: _, modelTime = prediction === "edm-raw" ? "c-noise" : "sigma", ...options } = config;
      return edm(defined({ ...options, modelTime }));
    }
    case "vp-linear": {
      const { type: _, ...options } = config;
      return vpLinear(defined(options));
    }
    case "vp-discrete": {
      const { type: _, ...options } = config;
      return vpDiscrete(defined(options));
    }
    case "flow": {
      const { type: _, ...options } = config;
      return flow(defined(options));
    }
  }
}
