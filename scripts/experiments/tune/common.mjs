// What the tune experiments share. They run on the compiled library: npm run build:lib first.
import { existsSync } from "node:fs";
import {
  circle8,
  gaussianMixture,
  imagesInMemory,
  loadModel,
  measureRisk,
  readJson,
  riskSchema,
  sampleMixture,
} from "../../../dist/index.js";
import { featureStatistics, openFeatures } from "../../../dist/metrics/index.js";
import { normals } from "../../../dist/native/index.js";

const root = new URL("../../../", import.meta.url);

/** What is tuned: a denoiser, its risk curve where there is one, and what judges its samples. */
export async function subject(name) {
  if (name === "mixture") return mixture();
  const folder = new URL(`models/${name}`, root).pathname;
  // One thread each: a search draws few samples at a time, and two searches beside one another are faster so.
  const model = await loadModel(folder, { session: { intraOpNumThreads: 1 } });
  const network = await openFeatures(folder);
  const risk = existsSync(`${folder}/risk.json`)
    ? await readJson(`${folder}/risk.json`, riskSchema)
    : undefined;
  return { name, denoiser: model, judge: network, risk, labels: model.classes?.map((_, label) => label) };
}

/** Eight Gaussians in the plane; samples are their own features, compared with the statistics of 200,000 true ones. */
async function mixture() {
  let drawn = 0;
  const draw = (count) =>
    sampleMixture(circle8, count, (out) => {
      normals(out, BigUint64Array.of(1n), BigUint64Array.of(0n), 9, drawn);
      drawn += out.length;
    });
  const denoiser = gaussianMixture(circle8);
  const data = draw(20_000);
  const risk = await measureRisk(denoiser, imagesInMemory(data, 2, "20,000 samples"), {
    levels: 128,
    batch: 4096,
  });
  const extract = async (samples) => Float32Array.from(samples);
  const judge = {
    ...{ dimension: 2, shape: [2], hash: "plane", reference: featureStatistics(draw(200_000), 2), extract },
    evaluate: async (samples) => ({ features: await extract(samples) }),
    close: async () => {},
  };
  return { name: "mixture", denoiser, judge, risk, labels: undefined };
}

/** Draws `count` samples of a request in batches: their data, features and calls. */
export async function drawAll({ denoiser, judge, labels }, sample, request, seed, count, batch = 100) {
  const size = denoiser.shape.reduce((a, b) => a * b, 1);
  const data = new Float32Array(count * size);
  const features = new Float32Array(count * judge.dimension);
  let nfe = 0;
  for (let first = 0; first < count; first += batch) {
    const rows = Math.min(batch, count - first);
    const found = await sample(denoiser, {
      ...request,
      ...{ seed, firstSample: first, count: rows },
      ...(labels
        ? { labels: Array.from({ length: rows }, (_, i) => labels[(first + i) % labels.length]) }
        : {}),
    });
    nfe = found.nfe;
    data.set(found.data, first * size);
    features.set(await judge.extract(found.data), first * judge.dimension);
  }
  return { data, features, nfe };
}
