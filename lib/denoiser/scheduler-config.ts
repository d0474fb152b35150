import { byName } from "../by-name.js";
import { received } from "../checks/received.js";
import { QuenchError } from "../errors.js";
import { betaTable, type Prediction } from "../process/index.js";
import type { ModelConfig, ProcessConfig } from "./model-schema.js";

/** A diffusers `scheduler_config.json`, as parsed. */
export type SchedulerConfig = Readonly<Record<string, unknown>>;

/** Whether a parsed JSON value is a diffusers scheduler configuration (and not a `model.json`). */
export function isSchedulerConfig(value: unknown): value is SchedulerConfig {
  if (typeof value !== "object" || value === null || Array.isArray(value) || "format" in value) return false;
  return "_class_name" in value || "beta_schedule" in value || "num_train_timesteps" in value;
}

/**
 * Reads process and prediction from a diffusers scheduler configuration; what it leaves out has diffusers' defaults.
 * Shape and names then come from the network itself.
 *
 * @throws QuenchError `INVALID_MODEL`, `where` a JSON pointer into the file.
 */
export function configFromScheduler(
  scheduler: SchedulerConfig,
  name: string,
  path = "scheduler_config.json",
): ModelConfig {
  const read = new Reader(scheduler, path);
  const { process, prediction } = trained(read);
  return { format: "quench-model", version: 1, name, process, prediction };
}

/** What diffusers calls the predictions of a variance-preserving process. */
const vpPredictions = byName<Prediction>({ epsilon: "epsilon", sample: "sample", v_prediction: "v" });

/** As in `model.json`. */
const mostTimesteps = 100_000;

function trained(read: Reader): { process: ProcessConfig; prediction: Prediction } {
  const className = read.text("_class_name", "");
  const steps = read.number("num_train_timesteps", 1000);
  if (!Number.isInteger(steps) || steps < 2 || steps > mostTimesteps)
    read.fail("num_train_timesteps", `expected an integer from 2 to ${mostTimesteps}, received ${steps}`);
  const kind = read.text("prediction_type", "epsilon");
  if (className.startsWith("FlowMatch") || read.flag("use_flow_sigmas") || kind === "flow_prediction") {
    return { process: { type: "flow", timeScale: steps }, prediction: "flow-velocity" };
  }
  if (className.startsWith("EDM")) {
    if (kind !== "epsilon")
      read.fail("prediction_type", `only "epsilon" is supported for ${className}, received "${kind}"`);
    const [sigmaMin, sigmaMax] = [read.positive("sigma_min", 0.002), read.positive("sigma_max", 80)];
    if (sigmaMin >= sigmaMax)
      read.fail("sigma_max", `expected a number above sigma_min, ${sigmaMin}, received ${sigmaMax}`);
    const sigmaData = read.positive("sigma_data", 0.5);
    return {
      process: { type: "edm", sigmaMin, sigmaMax, sigmaData, modelTime: "c-noise" },
      prediction: "edm-raw",
    };
  }
  if (/^CM|Consistency|ScoreSde|KarrasVe|VQ|UnCLIP|Amused|RePaint/i.test(className)) {
    read.fail(
      "_class_name",
      `"${className}" is not a noise schedule that Quench can read; describe the model in a model.json`,
    );
  }
  const prediction = vpPredictions[kind];
  if (prediction === undefined)
    return read.fail("prediction_type", `expected epsilon, sample or v_prediction, received "${kind}"`);
  const zeroTerminal = read.flag("rescale_betas_zero_snr");
  if (zeroTerminal && prediction === "epsilon") {
    read.fail(
      "rescale_betas_zero_snr",
      "a noise prediction says nothing about the data where the signal is zero; such models predict v or the sample",
    );
  }
  return { process: { type: "vp-discrete", ...betas(read, steps, zeroTerminal) }, prediction };
}

type Betas = Pick<
  Extract<ProcessConfig, { type: "vp-discrete" }>,
  "betas" | "betaStart" | "betaEnd" | "timesteps"
>;

function betas(read: Reader, timesteps: number, zeroTerminal: boolean): Betas {
  const given = read.value("trained_betas");
  const betaStart = read.number("beta_start", 1e-4);
  const betaEnd = read.number("beta_end", 0.02);
  const schedule = read.text("beta_schedule", "linear");
  for (const [key, value] of [
    ["beta_start", betaStart],
    ["beta_end", betaEnd],
  ] as const) {
    if (!(value > 0 && value < 1)) read.fail(key, `expected a number in (0, 1), received ${value}`);
  }
  const rescaled = (table: Iterable<number>) =>
    zeroTerminal ? rescaleToZeroTerminal([...table]) : [...table];
  if (given !== undefined) {
    if (!Array.isArray(given) || given.length < 2 || given.length > mostTimesteps)
      return read.fail("trained_betas", `expected an array of 2 to ${mostTimesteps} numbers`);
    for (const [i, beta] of given.entries()) {
      if (!(typeof beta === "number" && beta > 0 && beta < 1))
        read.fail(`trained_betas/${i}`, `expected a number in (0, 1), received ${received(beta)}`);
    }
    return { betas: rescaled(given as number[]) };
  }
  if (schedule === "linear" || schedule === "scaled_linear" || schedule === "squaredcos_cap_v2") {
    if (!zeroTerminal) return { betas: schedule, betaStart, betaEnd, timesteps };
    return { betas: rescaled(betaTable(schedule, timesteps, betaStart, betaEnd)) };
  }
  if (schedule === "sigmoid") {
    // diffusers: sigmoid(linspace(-6, 6, N)) · (β_end − β_start) + β_start
    const at = (i: number) => 1 / (1 + Math.exp(6 - (12 * i) / (timesteps - 1)));
    return {
      betas: rescaled(Array.from({ length: timesteps }, (_, i) => at(i) * (betaEnd - betaStart) + betaStart)),
    };
  }
  return read.fail(
    "beta_schedule",
    `expected linear, scaled_linear, squaredcos_cap_v2 or sigmoid, received "${schedule}"`,
  );
}

/**
 * Betas whose last cumulative alpha is zero (Lin et al. 2024, Algorithm 1): sqrt(α̅) is shifted and scaled so that its
 * first value stays. The last cumulative alpha is 2⁻²⁴ rather than 0, as in diffusers, or half of the one before where
 * that is less: every log-SNR stays finite.
 */
export function rescaleToZeroTerminal(table: readonly number[]): number[] {
  let product = 1;
  const roots = table.map((beta) => {
    product *= 1 - beta;
    return Math.sqrt(product);
  });
  const first = roots[0]!;
  const last = roots[roots.length - 1]!;
  const cumulative = roots.map((root) => (((root - last) * first) / (first - last)) ** 2);
  cumulative[cumulative.length - 1] = Math.min(2 ** -24, cumulative.at(-2)! / 2);
  return cumulative.map((value, i) => 1 - (i === 0 ? value : value / cumulative[i - 1]!));
}

/** Typed access to the file's members; JSON null counts as absent. */
class Reader {
  constructor(
    private readonly config: SchedulerConfig,
    private readonly path: string,
  ) {}

  fail(key: string, message: string): never {
    throw new QuenchError("INVALID_MODEL", `${message} (in ${this.path})`, { where: `/${key}` });
  }

  value(key: string): unknown {
    return this.config[key] ?? undefined;
  }

  number(key: string, fallback: number): number {
    const value = this.value(key) ?? fallback;
    return typeof value === "number" && Number.isFinite(value)
      ? value
      : this.fail(key, `expected a number, received ${received(value)}`);
  }

  positive(key: string, fallback: number): number {
    const value = this.number(key, fallback);
    return value > 0 ? value : this.fail(key, `expected a number above 0, received ${value}`);
  }

  text(key: string, fallback: string): string {
    const value = this.value(key) ?? fallback;
    return typeof value === "string"
      ? value
      : this.fail(key, `expected a string, received ${received(value)}`);
  }

  flag(key: string): boolean {
    const value = this.value(key) ?? false;
    return typeof value === "boolean"
      ? value
      : this.fail(key, `expected true or false, received ${received(value)}`);
  }
}
