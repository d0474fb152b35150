import type { z } from "zod";
import type { Denoiser } from "../denoiser/denoiser.js";
import { gaussianMixture } from "../denoiser/mixture.js";
import { recordedNoise, type SampleRequest } from "../engine/index.js";
import { edm, type Prediction, type Process, vpDiscrete, vpLinear } from "../process/index.js";
import { sizeOf } from "../shape.js";
import type { GoldenCase, GoldenFile } from "./golden.js";

/** A golden case in Quench's own terms, to be run through `sample()`. */
export interface Plan {
  readonly denoiser: Denoiser;
  readonly request: SampleRequest;
}

/** Translates the cases of one reference implementation. Throws {@link Unsupported} with the reason. */
export type Adapter = (golden: GoldenCase, file: GoldenFile) => Plan;

export class Unsupported extends Error {
  override readonly name = "Unsupported";
}

/** Parses a case's options strictly: an option or value not spelled out by the schema is unsupported, never ignored. */
export function strictly<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const keys = issue.code === "unrecognized_keys" ? ` (${issue.keys.join(", ")})` : "";
  throw new Unsupported(
    `${what}${issue.path.length > 0 ? `.${issue.path.join(".")}` : ""}: ${issue.message}${keys}`,
  );
}

/** The continuous processes of the official codes. */
export function officialProcess({ process }: GoldenCase): Process {
  const { name } = process;
  if (name === "edm")
    return edm({ sigmaMin: process.sigma_min as number, sigmaMax: process.sigma_max as number });
  if (name === "vp-linear") {
    return vpLinear({
      betaMin: process.beta_0 as number,
      betaMax: process.beta_1 as number,
      tEnd: process.t_0 as number,
    });
  }
  if (name === "vp-discrete") {
    if (process.beta_schedule !== "linear") throw new Unsupported(`beta_schedule ${process.beta_schedule}`);
    return vpDiscrete({
      betas: "linear",
      betaStart: process.beta_start as number,
      betaEnd: process.beta_end as number,
    });
  }
  throw new Unsupported(`process ${name}`);
}

/** The analytic denoiser of the file's world, emitting what the reference asked for. */
export function world(
  file: GoldenFile,
  process: Process,
  prediction: Exclude<Prediction, "edm-raw">,
  conditionOn: "level" | "time" = "level",
): Denoiser {
  const { weights, means, stds, shape } = file.world;
  return gaussianMixture({ weights, means, stds, shape, process, prediction, conditionOn });
}

/** What every request of a golden case carries: its start, its noise, one row per batch element. */
export function startOf(
  golden: GoldenCase,
  file: GoldenFile,
): Pick<SampleRequest, "count" | "initial" | "noise" | "denoiseToZero"> {
  const size = sizeOf(file.world.shape);
  return {
    count: golden.x_T.length / size,
    initial: golden.x_T,
    ...(golden.noise ? { noise: recordedNoise(golden.noise) } : {}),
  };
}

/** The prediction a case names, as ours. */
export function predictionOf({ prediction }: GoldenCase): Exclude<Prediction, "edm-raw"> {
  if (prediction === "epsilon" || prediction === "score" || prediction === "sample") return prediction;
  if (prediction === "v_prediction") return "v";
  if (prediction.startsWith("x0 (denoiser)")) return "sample";
  throw new Unsupported(`prediction ${prediction}`);
}
