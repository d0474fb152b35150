import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { configFromScheduler, loadModel, processFromConfig } from "../../lib/denoiser/index.js";
import { rescaleToZeroTerminal } from "../../lib/denoiser/scheduler-config.js";
import { fromSchedulerConfig } from "../../lib/diffusers/index.js";
import { betaTable } from "../../lib/process/index.js";
import { fixtures, temporaryFolder } from "./support.js";

const read = (config: Record<string, unknown>) => configFromScheduler(config, "net");

describe("diffusers scheduler configurations", () => {
  test("defaults are diffusers' own", () => {
    expect(read({ _class_name: "DDPMScheduler" })).toMatchObject({
      process: { type: "vp-discrete", betas: "linear", betaStart: 1e-4, betaEnd: 0.02, timesteps: 1000 },
      prediction: "epsilon",
    });
  });

  test("a Stable Diffusion configuration", () => {
    const config = read({
      _class_name: "PNDMScheduler",
      _diffusers_version: "0.6.0",
      beta_end: 0.012,
      beta_schedule: "scaled_linear",
      beta_start: 0.00085,
      num_train_timesteps: 1000,
      prediction_type: "v_prediction",
      set_alpha_to_one: false,
      skip_prk_steps: true,
      steps_offset: 1,
      trained_betas: null,
    });
    expect(config.prediction).toBe("v");
    const process = processFromConfig(config.process, config.prediction);
    // Stable Diffusion's well-known last noise level.
    const last = process.alphasCumulative!.at(-1)!;
    expect(Math.sqrt((1 - last) / last)).toBeCloseTo(14.6146, 3);
  });

  test("trained betas, squared cosine and sigmoid tables", () => {
    expect(read({ trained_betas: [0.1, 0.2, 0.3], num_train_timesteps: 3 }).process).toEqual({
      type: "vp-discrete",
      betas: [0.1, 0.2, 0.3],
    });
    expect(read({ beta_schedule: "squaredcos_cap_v2" }).process).toMatchObject({
      betas: "squaredcos_cap_v2",
    });
    const { process } = read({ beta_schedule: "sigmoid" });
    const betas = process.type === "vp-discrete" ? (process.betas as number[]) : [];
    expect(betas).toHaveLength(1000);
    expect(betas[0]).toBeCloseTo((1 / (1 + Math.exp(6))) * (0.02 - 1e-4) + 1e-4, 15);
    expect(betas[999]).toBeCloseTo((1 / (1 + Math.exp(-6))) * (0.02 - 1e-4) + 1e-4, 15);
  });

  test("flow matching and EDM", () => {
    expect(
      read({ _class_name: "FlowMatchEulerDiscreteScheduler", shift: 3, num_train_timesteps: 1000 }),
    ).toMatchObject({
      process: { type: "flow", timeScale: 1000 },
      prediction: "flow-velocity",
    });
    expect(
      read({ _class_name: "EDMEulerScheduler", sigma_data: 0.5, sigma_max: 80, sigma_min: 0.002 }),
    ).toMatchObject({
      process: { type: "edm", sigmaData: 0.5, modelTime: "c-noise" },
      prediction: "edm-raw",
    });
  });

  test("zero terminal SNR", () => {
    const table = [...betaTable("scaled_linear", 1000, 0.00085, 0.012)];
    const cumulative = (betas: readonly number[]) => {
      let product = 1;
      return betas.map((beta) => (product *= 1 - beta));
    };
    const before = cumulative(table);
    const after = cumulative(rescaleToZeroTerminal(table));
    expect(after[0]).toBeCloseTo(before[0]!, 14);
    expect(after[999]! / 2 ** -24).toBeCloseTo(1, 8);
    // sqrt(α̅) is shifted and scaled: differences keep their ratios.
    const root = (values: number[], i: number) => Math.sqrt(values[i]!);
    const ratio = (values: number[]) =>
      (root(values, 100) - root(values, 200)) / (root(values, 500) - root(values, 900));
    expect(ratio(after)).toBeCloseTo(ratio(before), 10);

    const config = { prediction_type: "v_prediction", rescale_betas_zero_snr: true };
    const { process, prediction } = read(config);
    const rescaled = processFromConfig(process, prediction);
    // Its last but one is below 2⁻²⁴ already.
    const [lastButOne, last] = rescaled.alphasCumulative!.slice(-2);
    expect(last! / lastButOne!).toBeCloseTo(0.5, 8);
    const stableDiffusion = {
      beta_schedule: "scaled_linear",
      beta_start: 0.00085,
      beta_end: 0.012,
      ...config,
    };
    const euler = { ...stableDiffusion, _class_name: "EulerDiscreteScheduler" };
    expect(fromSchedulerConfig(euler, 5).sigmas![0]).toBeCloseTo(Math.sqrt(2 ** 24 - 1), 4);
    expect(Number.isFinite(rescaled.at(rescaled.tStart).lambda)).toBe(true);
    expect(() => read({ ...config, prediction_type: "epsilon" })).toThrow(
      expect.objectContaining({ code: "INVALID_MODEL", where: "/rescale_betas_zero_snr" }),
    );
  });

  const bad: [config: Record<string, unknown>, where: string][] = [
    [{ beta_start: "0.1" }, "/beta_start"],
    [{ beta_end: 2 }, "/beta_end"],
    [{ beta_schedule: "laplace" }, "/beta_schedule"],
    [{ prediction_type: "noise" }, "/prediction_type"],
    [{ prediction_type: "constructor" }, "/prediction_type"],
    [{ num_train_timesteps: 1.5 }, "/num_train_timesteps"],
    [{ trained_betas: [0.1, "x"] }, "/trained_betas/1"],
    [{ trained_betas: Array(100_001).fill(0.1) }, "/trained_betas"],
    [{ _class_name: "EDMEulerScheduler", sigma_min: 0 }, "/sigma_min"],
    [{ _class_name: "EDMEulerScheduler", sigma_min: 90 }, "/sigma_max"],
    [{ _class_name: "EDMEulerScheduler", sigma_data: -1 }, "/sigma_data"],
    [{ _class_name: "CMStochasticIterativeScheduler", num_train_timesteps: 40 }, "/_class_name"],
    [{ _class_name: "EDMEulerScheduler", prediction_type: "v_prediction" }, "/prediction_type"],
    [{ rescale_betas_zero_snr: "yes" }, "/rescale_betas_zero_snr"],
  ];
  test.each(bad)("%j is refused", (config, where) => {
    expect(() => read(config)).toThrow(expect.objectContaining({ code: "INVALID_MODEL", where }));
  });
});

describe("a folder with scheduler_config.json", () => {
  const scheduler = { _class_name: "DDIMScheduler", beta_schedule: "scaled_linear", clip_sample: false };

  test("needs no model.json where the network fixes the shape", async () => {
    const folder = await temporaryFolder();
    await cp(join(fixtures, "int32-time.onnx"), join(folder, "model.onnx"));
    await writeFile(join(folder, "scheduler_config.json"), JSON.stringify(scheduler));
    const model = await loadModel(folder);
    onTestFinished(() => model.close());
    expect(model).toMatchObject({
      shape: [1, 2, 2],
      prediction: "epsilon",
      process: { type: "vp-discrete" },
      schedulerConfig: scheduler,
    });
  });
});
