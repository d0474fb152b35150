import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fromSchedulerConfig } from "../../lib/diffusers/index.js";
import { loadModel, readNpy, sample } from "../../lib/index.js";
import { quench } from "../cli/run-quench.js";
import { fixtures, temporaryFolder } from "../denoiser/support.js";

const config = {
  _class_name: "DPMSolverMultistepScheduler",
  _diffusers_version: "0.35.1",
  beta_schedule: "scaled_linear",
  beta_start: 0.00085,
  beta_end: 0.012,
  prediction_type: "v_prediction",
  timestep_spacing: "trailing",
  trained_betas: null,
  skip_prk_steps: true, // of another class: diffusers passes over it
};

async function modelWith(schedulerJson: string) {
  const folder = await temporaryFolder();
  await cp(join(fixtures, "plain.onnx"), join(folder, "model.onnx"));
  await writeFile(join(folder, "scheduler_config.json"), schedulerJson);
  const model = await loadModel(folder);
  onTestFinished(() => model.close());
  return model;
}

test("a model folder is sampled with its own scheduler, as Python wrote it", async () => {
  const json = JSON.stringify(config).replace("}", ', "lambda_min_clipped": -Infinity}');
  const model = await modelWith(json);
  const { request } = fromSchedulerConfig(config, 6);
  const own = await sample(model, { solver: "scheduler", steps: 6, seed: 4 });
  expect(own.data).toEqual((await sample(model, { ...request, seed: 4 })).data);
  expect(own.nfe).toBe(6);
});

test("options beside the name override the configuration", async () => {
  const model = await modelWith(JSON.stringify(config));
  const { request } = fromSchedulerConfig({ ...config, use_karras_sigmas: true, solver_order: 3 }, 6);
  const solver = { name: "scheduler", use_karras_sigmas: true, solver_order: 3 };
  const own = await sample(model, { solver, steps: 6 });
  expect(own.data).toEqual((await sample(model, request)).data);
});

test("what cannot be: another grid, another model, an option that no scheduler has", async () => {
  const model = await modelWith(JSON.stringify(config));
  await expect(sample(model, { solver: "scheduler", grid: "edm" })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    where: "grid",
  });
  const misspelled = { name: "scheduler", use_karras_sigma: true };
  await expect(sample(model, { solver: misspelled })).rejects.toMatchObject({
    code: "UNKNOWN_NAME",
    message: expect.stringContaining('did you mean "use_karras_sigmas"?'),
  });
  const { schedulerConfig: _, ...bare } = model;
  await expect(sample(bare, { solver: "scheduler" })).rejects.toMatchObject({ where: "solver" });
});

test("quench sample --solver scheduler, with overrides and torch's noise", async () => {
  const model = await modelWith(JSON.stringify(config));
  const out = join(await temporaryFolder(), "samples.npy");
  const override = [
    "--solver",
    "scheduler",
    "-o",
    "use_karras_sigmas=true",
    "-o",
    "timestep_spacing=leading",
  ];
  const drawing = ["--steps", "5", "--seed", "9", "--rng", "torch-cpu", "--out", out];
  const { exitCode, stderr } = await quench(["sample", model.folder, ...override, ...drawing]);
  expect({ exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, stderr: "" });
  const changed = { ...config, use_karras_sigmas: true, timestep_spacing: "leading" };
  const { request } = fromSchedulerConfig(changed, 5);
  const expected = await sample(model, { ...request, seed: 9, rng: "torch-cpu" });
  const { data } = await readNpy(out);
  expect(Float32Array.from(data as Float32Array)).toEqual(expected.data);
});
