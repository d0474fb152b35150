import { edm, flow, type Prediction, type Process, vpDiscrete, vpLinear } from "../process/index.js";
import type { ProcessConfig } from "./model-schema.js";

/** Builds the process a model was trained on. Raw EDM networks are told ln(σ)/4 unless the model says otherwise. */
export function processFromConfig(config: ProcessConfig, prediction: Prediction): Process {
  switch (config.type) {
    case "edm":
      return edm(
        given({ ...config, modelTime: config.modelTime ?? (prediction === "edm-raw" ? "c-noise" : "sigma") }),
      );
    case "vp-linear":
      return vpLinear(given(config));
    case "vp-discrete":
      return vpDiscrete(given(config));
    case "flow":
      return flow(given(config));
  }
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Drops absent members, so that the process's own defaults hold. */
function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}
