import { expect, test } from "vitest";
import { fromSchedulerConfig } from "../../lib/diffusers/index.js";

test.each([
  [{ _class_name: "DDIMSchedulr" }, "UNKNOWN_NAME", 'did you mean "DDIMScheduler"?'],
  [{ _class_name: "LCMScheduler" }, "UNKNOWN_NAME", "LCMScheduler"],
  [{}, "INVALID_ARGUMENT", "_class_name"],
  [{ _class_name: "DDIMScheduler", timestep_spacing: "uniform" }, "INVALID_ARGUMENT", "timestep_spacing"],
  [{ _class_name: "DDIMScheduler", prediction_type: "score" }, "INVALID_MODEL", "score"],
  [{ _class_name: "DDPMScheduler", variance_type: "learned_range" }, "INVALID_ARGUMENT", "variance_type"],
  [{ _class_name: "PNDMScheduler", prediction_type: "sample" }, "INVALID_ARGUMENT", "prediction_type"],
  [{ _class_name: "PNDMScheduler" }, "INVALID_ARGUMENT", "at least 4 steps"],
  [
    { _class_name: "DPMSolverMultistepScheduler", algorithm_type: "dpmsolver" },
    "INVALID_ARGUMENT",
    "final_sigmas_type",
  ],
  [
    { _class_name: "EulerDiscreteScheduler", use_karras_sigmas: true, use_beta_sigmas: true },
    "INVALID_ARGUMENT",
    "karras and beta",
  ],
  [{ _class_name: "UniPCMultistepScheduler", solver_type: "bh1" }, "INVALID_ARGUMENT", "NaN"],
  [{ _class_name: "UniPCMultistepScheduler", use_flow_sigmas: true }, "INVALID_ARGUMENT", "flow"],
  [
    { _class_name: "FlowMatchEulerDiscreteScheduler", use_dynamic_shifting: true },
    "INVALID_ARGUMENT",
    "needs mu",
  ],
  [
    { _class_name: "DDIMScheduler", prediction_type: "epsilon", rescale_betas_zero_snr: true },
    "INVALID_MODEL",
    "rescale_betas_zero_snr",
  ],
])("%j is refused by name", (config, code, part) => {
  const error = (() => {
    try {
      fromSchedulerConfig(config, 3);
    } catch (thrown) {
      return thrown as Error & { code: string };
    }
    return undefined;
  })();
  expect(error).toMatchObject({ name: "QuenchError", code });
  expect(error?.message).toContain(part);
});

test("the number of steps is checked", () => {
  expect(() => fromSchedulerConfig({ _class_name: "DDIMScheduler" }, 0)).toThrow("steps");
});

test.each([
  { _class_name: "DDIMScheduler" },
  { _class_name: "DDIMScheduler", timestep_spacing: "trailing" },
  { _class_name: "DDPMScheduler" },
  { _class_name: "PNDMScheduler", skip_prk_steps: true },
])("more steps than timesteps are refused, whose stride would be none: %j", (config) => {
  expect(() => fromSchedulerConfig(config, 1001)).toThrow(
    expect.objectContaining({ code: "INVALID_ARGUMENT", where: "steps" }),
  );
  expect(fromSchedulerConfig(config, 1000).timesteps.slice(-1)).toEqual([0]);
});
