import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadModel } from "../../lib/denoiser/index.js";
import { modelFolder } from "./support.js";

const stable = { betas: "scaled_linear", betaStart: 0.00085, betaEnd: 0.012 };
const scheduler = {
  _class_name: "DDIMScheduler",
  beta_schedule: "scaled_linear",
  beta_start: 0.00085,
  beta_end: 0.012,
  prediction_type: "epsilon",
};

async function both(config: Record<string, unknown>, schedulerConfig: Record<string, unknown>) {
  const folder = await modelFolder("plain", config);
  await writeFile(join(folder, "scheduler_config.json"), JSON.stringify(schedulerConfig));
  const model = await loadModel(folder);
  onTestFinished(() => model.close());
  return model;
}

const vp = (changes: object = {}) => ({ process: { type: "vp-discrete", ...stable, ...changes } });
const edm = (changes: object = {}) => ({ process: { type: "edm", ...changes }, prediction: "edm-raw" });
const flow = (changes: object = {}) => ({
  process: { type: "flow", ...changes },
  prediction: "flow-velocity",
});
const flowScheduler = { _class_name: "FlowMatchEulerDiscreteScheduler", num_train_timesteps: 1000 };
const edmScheduler = { _class_name: "EDMEulerScheduler", sigma_data: 0.5, sigma_max: 80 };

test("two files that say the same", async () => {
  expect((await both(vp(), scheduler)).schedulerConfig).toEqual(scheduler);
  await both(edm(), edmScheduler);
  await both(edm({ sigmaMax: 80 }), edmScheduler);
  await both(flow({ timeScale: 1000 }), flowScheduler);
  const betas = Array.from({ length: 1000 }, (_, i) =>
    Math.fround((Math.sqrt(0.00085) + (i / 999) * (Math.sqrt(0.012) - Math.sqrt(0.00085))) ** 2),
  );
  await both({ process: { type: "vp-discrete", betas } }, scheduler);
});

test("a scheduler that Quench cannot read contradicts nothing", async () => {
  await both(vp(), { _class_name: "CMStochasticIterativeScheduler" });
});

test.each([
  ["/prediction", vp(), { ...scheduler, prediction_type: "v_prediction" }],
  ["/process/betas", vp(), { ...scheduler, beta_schedule: "linear" }],
  ["/process/betas", { process: { type: "vp-discrete" } }, scheduler],
  ["/process/betas", vp(), { ...scheduler, trained_betas: new Array(1000).fill(0.01) }],
  ["/process/betaStart", vp(), { ...scheduler, beta_start: 0.001 }],
  ["/process/betaEnd", vp(), { ...scheduler, beta_end: 0.02 }],
  ["/process/timesteps", vp(), { ...scheduler, num_train_timesteps: 500 }],
  ["/process/type", vp(), flowScheduler],
  ["/process/type", {}, scheduler],
  ["/process/timeScale", flow(), flowScheduler],
  ["/process/sigmaData", edm({ sigmaData: 1 }), edmScheduler],
  ["/process/sigmaMax", edm({ sigmaMax: 10 }), edmScheduler],
  ["/process/modelTime", edm({ modelTime: "sigma" }), edmScheduler],
])("two files that differ in %s", async (where, config, schedulerConfig) => {
  await expect(both(config, schedulerConfig)).rejects.toMatchObject({
    code: "MODEL_MISMATCH",
    where,
    message: expect.stringContaining("scheduler_config.json"),
  });
});
