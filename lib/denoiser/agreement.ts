import { QuenchError } from "../errors.js";
import type { Prediction } from "../process/index.js";
import type { ModelConfig, ProcessConfig } from "./model-schema.js";
import { processFromConfig } from "./process-config.js";
import { configFromScheduler, type SchedulerConfig } from "./scheduler-config.js";

/** Files keep betas in float32 or in a few digits; tables that mean the same are this close in α and in σ. */
const tolerance = 1e-4;

/**
 * `model.json` says how the network is called, `scheduler_config.json` which levels `solver: "scheduler"` steps
 * through. Where the two speak of different trainings the samples would be garbage, and nothing would say so. What a
 * file leaves out means its default. A scheduler that cannot be read here says nothing: asking for it is an error.
 * @throws QuenchError MODEL_MISMATCH naming the member of model.json
 */
export function requireAgreement(config: ModelConfig, scheduler: SchedulerConfig): void {
  const other = readable(scheduler);
  if (!other) return;
  if (config.process.type !== other.process.type)
    throw disagreement("/process/type", config.process.type, other.process.type);
  if (config.prediction !== other.prediction)
    throw disagreement("/prediction", config.prediction, other.prediction);
  requireSameProcess(config.process, other.process, config.prediction, scheduler);
}

function readable(scheduler: SchedulerConfig): ModelConfig | undefined {
  try {
    return configFromScheduler(scheduler, "scheduler");
  } catch (error) {
    if (error instanceof QuenchError) return undefined;
    throw error;
  }
}

function requireSameProcess(
  own: ProcessConfig,
  other: ProcessConfig,
  prediction: Prediction,
  scheduler: SchedulerConfig,
): void {
  if (own.type === "vp-discrete" && other.type === "vp-discrete") requireSameTable(own, other);
  if (own.type === "flow" && other.type === "flow") {
    requireSame("timeScale", own.timeScale ?? 1, other.timeScale ?? 1);
  }
  if (own.type === "edm" && other.type === "edm") {
    requireSame("sigmaData", own.sigmaData ?? 0.5, other.sigmaData ?? 0.5);
    const told = own.modelTime ?? (prediction === "edm-raw" ? "c-noise" : "sigma");
    requireSame("modelTime", told, other.modelTime ?? "c-noise");
    // Ends of the sampled range, which a default on either side does not contradict.
    if (scheduler.sigma_min != null) requireSame("sigmaMin", own.sigmaMin, other.sigmaMin);
    if (scheduler.sigma_max != null) requireSame("sigmaMax", own.sigmaMax, other.sigmaMax);
  }
}

type Table = Extract<ProcessConfig, { type: "vp-discrete" }>;

function requireSameTable(own: Table, other: Table): void {
  const [a, b] = [own, other].map((config) => processFromConfig(config, "epsilon").alphasCumulative!);
  requireSame("timesteps", a!.length, b!.length);
  const same = a!.every((value, i) => {
    const [alpha, sigma] = [
      Math.sqrt(value) - Math.sqrt(b![i]!),
      Math.sqrt(1 - value) - Math.sqrt(1 - b![i]!),
    ];
    return Math.abs(alpha) < tolerance && Math.abs(sigma) < tolerance;
  });
  if (same) return;
  const [names, otherNames] = [own.betas ?? "linear", other.betas ?? "linear"];
  if (typeof names === "string" && names === otherNames) {
    requireSame("betaStart", own.betaStart ?? 1e-4, other.betaStart ?? 1e-4);
    requireSame("betaEnd", own.betaEnd ?? 0.02, other.betaEnd ?? 0.02);
  }
  throw disagreement("/process/betas", describeTable(own), describeTable(other));
}

function describeTable({ betas = "linear", betaStart = 1e-4, betaEnd = 0.02 }: Table): string {
  if (typeof betas === "string") return `${betas} from ${betaStart} to ${betaEnd}`;
  return `a table from ${betas[0]} to ${betas.at(-1)}`;
}

function requireSame<Value extends number | string | undefined>(
  member: string,
  own: Value,
  other: Value,
): void {
  if (own === undefined || other === undefined || own === other) return;
  throw disagreement(`/process/${member}`, own, other);
}

function disagreement(where: string, own: unknown, other: unknown): QuenchError {
  return new QuenchError(
    "MODEL_MISMATCH",
    `model.json says ${own}, scheduler_config.json beside it ${other}: correct the one that is wrong`,
    { where },
  );
}
