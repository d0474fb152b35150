import { expect, test } from "vitest";
import { betaTable, edm, flow, vpDiscrete, vpLinear } from "../../lib/process/index.js";

test.each<[string, (options: never) => unknown, object, string]>([
  ["vpLinear", vpLinear, { beta_max: 5 }, "betaMax"],
  ["vpDiscrete", vpDiscrete, { beta_start: 1e-3 }, "betaStart"],
  ["edm", edm, { sigma_data: 1 }, "sigmaData"],
  ["flow", flow, { timescale: 1000 }, "timeScale"],
])("a misspelt option of %s names the nearest that there is", (_, make, options, meant) => {
  expect(() => make(options as never)).toThrow(
    expect.objectContaining({
      name: "QuenchError",
      code: "UNKNOWN_NAME",
      where: "options",
      message: expect.stringContaining(`did you mean "${meant}"?`),
    }),
  );
});

test.each([vpLinear, vpDiscrete, edm, flow])("options that are none are refused: %o", (make) => {
  for (const options of [5, "linear", null, [1]])
    expect(() => make(options as never)).toThrow(
      expect.objectContaining({ name: "QuenchError", code: "INVALID_ARGUMENT", where: "options" }),
    );
});

test.each<[string, (options: never) => unknown, string[]]>([
  ["vpLinear", vpLinear, ["betaMin", "betaMax", "tStart", "tEnd", "timeScale"]],
  ["edm", edm, ["sigmaMin", "sigmaMax", "sigmaData"]],
  ["flow", flow, ["tStart", "tEnd", "timeScale"]],
  ["vpDiscrete", vpDiscrete, ["betas", "betaStart", "betaEnd", "timesteps"]],
])("a number of %s that is none is refused by its name", (_, make, names) => {
  for (const name of names)
    for (const value of [null, Number.NaN, Infinity, 0, -1, {}, true, 1e308 * 10])
      expect(() => make({ [name]: value } as never)).toThrow(
        expect.objectContaining({
          name: "QuenchError",
          code: "INVALID_ARGUMENT",
          where: `process.${name}`,
        }),
      );
  for (const name of names.filter((name) => name !== "betas"))
    expect(() => make({ [name]: "0.5" } as never)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where: `process.${name}` }),
    );
});

test.each<[string, () => unknown, string, string]>([
  [
    "more timesteps than memory holds",
    () => betaTable("linear", 1e12),
    "INVALID_ARGUMENT",
    "process.timesteps",
  ],
  ["a table of betas", () => vpDiscrete({ betas: "cosine" as never }), "UNKNOWN_NAME", "process.betas"],
  ["a table by itself", () => betaTable("cosine" as never), "UNKNOWN_NAME", "process.betas"],
  [
    "what EDM networks are told",
    () => edm({ modelTime: "c_noise" as never }),
    "UNKNOWN_NAME",
    "process.modelTime",
  ],
  ["half a timestep", () => vpDiscrete({ timesteps: 10.5 }), "INVALID_ARGUMENT", "process.timesteps"],
  ["data without spread", () => edm({ sigmaData: 0 }), "INVALID_ARGUMENT", "process.sigmaData"],
])("%s that is none is refused, and no other taken for it", (_, make, code, where) => {
  expect(make).toThrow(expect.objectContaining({ name: "QuenchError", code, where }));
});
