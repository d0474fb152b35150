// The models that the tables are made for.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadModel, processFromConfig, readJson, riskSchema, worlds } from "../../dist/index.js";
import { worldWithRisk } from "../experiments/schedules/support.mjs";
import { modelStatistics } from "./model-statistics.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The mixture whose truth is known: eight unequal Gaussians in the plane, on the linear VP process. */
const mixture = { format: "quench-mixture", version: 1, world: "grid8", process: { type: "vp-linear" } };

/**
 * @param name digits, garments, mixture, or a model's folder
 * @param folder where cells and what was measured of the model are kept
 */
export async function openSubject(name, folder) {
  mkdirSync(folder, { recursive: true });
  if (name === "mixture") return ofMixture();
  const path = existsSync(name) ? name : join(root, "models", name);
  const model = await loadModel(path);
  try {
    return {
      model: path,
      hash: model.hash,
      metrics: ["fd", "rmse"],
      statistics: await modelStatistics(model, folder),
      about: { process: model.process, risk: await readJson(join(path, "risk.json"), riskSchema) },
      classes: model.classes,
      shape: model.shape,
      size: model.shape.reduce((a, b) => a * b, 1),
      valueRange: model.valueRange,
    };
  } finally {
    await model.close();
  }
}

async function ofMixture() {
  const process = processFromConfig(mixture.process, "sample");
  const { denoiser, risk } = await worldWithRisk(mixture.world, process, 20_000);
  return {
    model: mixture,
    hash: denoiser.hash,
    metrics: ["kl", "rmse"],
    // Statistics per element mean little where elements are two coordinates: methods that want them are left out.
    statistics: undefined,
    about: { process, risk },
    truth: worlds[mixture.world],
  };
}
