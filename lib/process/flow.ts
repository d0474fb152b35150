import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { requireArgument } from "../errors.js";
import { level } from "./level.js";
import type { Process } from "./process.js";
import { requireNumbers } from "./require-numbers.js";

export interface FlowOptions {
  readonly tStart?: number;
  readonly tEnd?: number;
  /** The model is told t times this; 1000 for models trained on integer timesteps. Default 1. */
  readonly timeScale?: number;
}

const flowOptions: OptionNames<FlowOptions> = { tStart: true, tEnd: true, timeScale: true };

/** Rectified flow / flow matching: α = 1 − t, σ = t. Pure noise (t = 1) is left out since λ is −∞ there. */
export function flow(options: FlowOptions = {}): Process {
  requireKnownOptions<FlowOptions>(options, flowOptions);
  const { tStart = 0.999, tEnd = 0.001, timeScale = 1 } = options;
  requireNumbers({ tStart, tEnd, timeScale });
  requireArgument(
    0 < tEnd && tEnd < tStart && tStart < 1,
    "process",
    `expected 0 < tEnd < tStart < 1, received ${tEnd}, ${tStart}`,
  );
  const at = (t: number) => level(t, t * timeScale, 1 - t, t);
  return {
    type: "flow",
    tStart,
    tEnd,
    at,
    atLambda: (lambda) => at(1 / (1 + Math.exp(lambda))),
    clean: level(0, 0, 1, 0),
    variancePreserving: false,
  };
}
