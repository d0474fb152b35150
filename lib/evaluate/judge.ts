import { existsSync } from "node:fs";
import { join } from "node:path";
import { openImages } from "../calibrate/index.js";
import { QuenchError, throwIfAborted } from "../errors.js";
import { type FeatureNetwork, openFeatures } from "../metrics/index.js";
import type { Vector } from "../native/index.js";
import type { JudgeDescription } from "./cell.js";
import { jsonHash } from "./json-hash.js";
import type { Judge, Metric } from "./metric/metric.js";
import { exactSamples } from "./metric/of-truth.js";
import type { ParsedPlan } from "./plan.js";
import type { Subject } from "./subject.js";

/** Most real samples that are compared with, and how many are read at once. */
const real = { most: 10_000, part: 500 };

/**
 * Opens the features asked for, or those in the model's own folder if there are any.
 * @throws QuenchError as `openFeatures`; INVALID_ARGUMENT where they are of samples of another shape
 */
export async function openNetwork(plan: ParsedPlan, subject: Subject): Promise<FeatureNetwork | undefined> {
  const beside = subject.folder !== undefined && existsSync(join(subject.folder, "features.json"));
  const path = plan.features ?? (beside ? subject.folder : undefined);
  if (path === undefined) return undefined;
  const network = await openFeatures(path);
  const [taken, made] = [network.shape.join(", "), subject.denoiser.shape.join(", ")];
  if (taken === made) return network;
  await network.close();
  throw new QuenchError(
    "INVALID_ARGUMENT",
    `the network takes samples of shape [${taken}], the model makes [${made}]`,
    { where: "features" },
  );
}

/** Where real samples are: as asked for, or the held-out ones in the model's folder. */
export function realPath(plan: ParsedPlan, { folder }: Subject): string | undefined {
  const beside = folder === undefined ? undefined : join(folder, "heldout.npy");
  return plan.real ?? (beside !== undefined && existsSync(beside) ? beside : undefined);
}

/** Reads what the metrics compare with. */
export async function prepareJudge(
  plan: ParsedPlan,
  subject: Subject,
  network: FeatureNetwork | undefined,
  metrics: readonly Metric[],
  signal: AbortSignal | undefined,
): Promise<Judge> {
  const wanted = metrics.some(({ needs }) => needs.includes("real samples"));
  return {
    network,
    truth: subject.truth,
    truthHash: subject.truthHash,
    real: wanted ? await realFeatures(realPath(plan, subject)!, subject, network!, signal) : undefined,
    exact: subject.truth && exactSamples(subject.truth, plan.samples),
  };
}

/** Members that are undefined must be so in what they are compared with: there they mean another truth or reading. */
export function describeJudge({ network, real, truth, truthHash }: Judge): JudgeDescription {
  const compared = truth ? { truth: truthHash } : {};
  if (!network) return compared;
  const { hash, dimension, reference, reading } = network;
  return {
    ...compared,
    network: hash,
    dimension,
    reading: isUsual(reading) ? undefined : jsonHash(reading),
    ...(reference ? { statistics: jsonHash([reference.mean, reference.covariance]) } : {}),
    ...(real ? { real: jsonHash(real) } : {}),
  };
}

/** Outputs as Quench's own folders name them and nothing before: what cells meant that said nothing of it. */
function isUsual({ features, logits = "logits", preprocess }: FeatureNetwork["reading"]): boolean {
  return features === "features" && logits === "logits" && !preprocess;
}

/**
 * Whether what a cell was judged by is what it would be judged by now. It may have been judged by more, or not yet by
 * the statistics or the real samples: these are compared with features that it keeps.
 */
export function sameJudge(before: JudgeDescription, now: JudgeDescription): boolean {
  return Object.entries(now).every(([key, value]) => {
    const known = before[key as keyof JudgeDescription];
    return known === value || (known === undefined && (key === "statistics" || key === "real"));
  });
}

async function realFeatures(
  path: string,
  { denoiser }: Subject,
  network: FeatureNetwork,
  signal: AbortSignal | undefined,
): Promise<Vector> {
  const source = await openImages(path, denoiser);
  try {
    const count = Math.min(source.count, real.most);
    const features = new Float32Array(count * network.dimension);
    for (let first = 0; first < count; first += real.part) {
      throwIfAborted(signal, "the evaluation");
      const images = await source.read(first, Math.min(real.part, count - first));
      features.set(await network.extract(images), first * network.dimension);
    }
    return features;
  } finally {
    await source.close?.();
  }
}
