import { describe, expect, it } from "vitest";
import {
  classAccuracy,
  frechetDistance,
  type GaussianStatistics,
  inceptionScore,
  kernelDistance,
  openFeatures,
  precisionRecall,
  rmse,
  StatisticsAccumulator,
  slicedWasserstein,
} from "../../lib/metrics/index.js";
import type { Vector } from "../../lib/native/index.js";

const plain = [1, 2, 3, 4] as unknown as Vector;
const huge = Float64Array.of(1e160, 2e160, 3e160);
const good = Float64Array.of(1, 2, 3, 4);
const statistics = { mean: Float64Array.of(0), covariance: Float64Array.of(1) };
const wrong = (value: unknown) => value as GaussianStatistics;

describe("what a program may pass by mistake is refused by its name", () => {
  it.each<[string, string, () => unknown]>([
    ["the kernel distance", "b", () => kernelDistance(good, plain, 1)],
    ["precision and recall", "real", () => precisionRecall(plain, good, 1)],
    ["the sliced Wasserstein distance", "a", () => slicedWasserstein(plain, good, 1)],
    [
      "more directions than there is memory",
      "directions",
      () => slicedWasserstein(good, good, 2, { directions: 1e12 }),
    ],
    ["features that cannot be cubed", "a", () => kernelDistance(huge, good, 1)],
    ["the RMSE", "reference", () => rmse(good, plain, 2)],
    ["the accuracy", "logits", () => classAccuracy(plain, 2, [0, 1])],
    ["the Inception score", "logits", () => inceptionScore(plain, 2)],
    ["statistics", "rows", () => new StatisticsAccumulator(2).add(plain)],
    ["the Fréchet distance of nothing", "a", () => frechetDistance(wrong(undefined), statistics)],
    [
      "the Fréchet distance of lists",
      "b.mean",
      () => frechetDistance(statistics, wrong({ ...statistics, mean: [0] })),
    ],
    ["features without a path", "path", () => openFeatures(5 as unknown as string)],
    ["features with options that are none", "options", () => openFeatures("features.onnx", null as never)],
  ])("%s", async (_, where, call) => {
    await expect((async () => call())()).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where });
  });
});
