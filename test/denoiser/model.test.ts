import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { loadModel } from "../../lib/denoiser/index.js";
import { fixtures, modelFolder, plainConfig, temporaryFolder } from "./support.js";

async function load(path: string, options?: Parameters<typeof loadModel>[1]) {
  const model = await loadModel(path, options);
  onTestFinished(() => model.close());
  return model;
}

const sha256 = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

describe("where a model is looked for", () => {
  test("a folder", async () => {
    const folder = await modelFolder("plain", { valueRange: [-1, 1], license: "MIT" });
    const model = await load(folder);
    expect(model).toMatchObject({ name: "fixture", folder, valueRange: [-1, 1], config: { license: "MIT" } });
    expect(model.hash).toBe(await sha256(join(folder, "model.onnx")));
    expect(model.process).toMatchObject({ type: "edm", tStart: 80, tEnd: 0.002 });
  });

  test("a folder whose model.json names another file", async () => {
    const folder = await modelFolder("plain", { file: "net.onnx" });
    await rename(join(folder, "model.onnx"), join(folder, "net.onnx"));
    expect((await load(folder)).name).toBe("fixture");
  });

  test("an ONNX file: <name>.model.json goes before model.json", async () => {
    const folder = await modelFolder("plain");
    const file = join(folder, "model.onnx");
    expect((await load(file)).name).toBe("fixture");
    await writeFile(join(folder, "model.model.json"), JSON.stringify({ ...plainConfig, name: "nearer" }));
    expect((await load(file)).name).toBe("nearer");
  });

  test("an explicit configuration", async () => {
    const folder = await modelFolder("plain");
    const config = join(await temporaryFolder(), "mine.json");
    await writeFile(config, JSON.stringify({ ...plainConfig, name: "mine" }));
    expect((await load(folder, { config })).name).toBe("mine");
    await expect(load(folder, { config: `${config}.absent` })).rejects.toMatchObject({
      code: "INVALID_MODEL",
    });
  });

  test("a raw EDM network is told ln(sigma)/4", async () => {
    const process = { type: "edm", sigmaData: 0.5 };
    const raw = await load(await modelFolder("plain", { prediction: "edm-raw", process }));
    expect(raw.process.at(2).modelTime).toBeCloseTo(Math.log(2) / 4, 15);
    const told = await load(
      await modelFolder("plain", { prediction: "edm-raw", process: { ...process, modelTime: "sigma" } }),
    );
    expect(told.process.at(2).modelTime).toBe(2);
  });

  test("session options are accepted", async () => {
    const session = {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: "all",
      executionMode: "sequential",
    } as const;
    const rest = { enableCpuMemArena: false, enableMemPattern: false, allowSpinning: false };
    expect((await load(await modelFolder("plain"), { session: { ...session, ...rest } })).name).toBe(
      "fixture",
    );
  });
});

test.each<[unknown, unknown, Record<string, unknown>]>([
  [
    "models",
    { verfy: false },
    { code: "UNKNOWN_NAME", message: expect.stringContaining('did you mean "verify"') },
  ],
  ["models", { verify: "no" }, { code: "INVALID_ARGUMENT", where: "loadModel.verify" }],
  [
    "models",
    { session: { intraOpNumThreads: 1.5 } },
    { code: "INVALID_ARGUMENT", where: "loadModel.session.intraOpNumThreads" },
  ],
  [
    "models",
    { session: { threads: 2 } },
    { code: "UNKNOWN_NAME", message: expect.stringContaining("threads") },
  ],
  [undefined, {}, { code: "INVALID_ARGUMENT", where: "path" }],
  ["", {}, { code: "INVALID_ARGUMENT", where: "path" }],
])("loadModel(%j, %j)", async (path, options, error) => {
  await expect(loadModel(path as string, options as never)).rejects.toMatchObject(error);
});

describe("files that are missing, corrupt or not what they say", () => {
  test("nothing there", async () => {
    const folder = await temporaryFolder();
    await expect(load(join(folder, "absent"))).rejects.toMatchObject({
      code: "INVALID_MODEL",
      where: join(folder, "absent"),
    });
    await expect(load(folder)).rejects.toMatchObject({
      code: "INVALID_MODEL",
      message: expect.stringContaining("model.json"),
    });
  });

  test("a missing ONNX file", async () => {
    const folder = await modelFolder("plain");
    await rm(join(folder, "model.onnx"));
    await expect(load(folder)).rejects.toMatchObject({
      code: "INVALID_MODEL",
      where: join(folder, "model.onnx"),
    });
  });

  test("a corrupt, a truncated and an empty ONNX file", async () => {
    const folder = await modelFolder("plain");
    const file = join(folder, "model.onnx");
    for (const spoil of [
      () => writeFile(file, "not a network"),
      () => cp(join(fixtures, "plain.onnx"), file).then(() => truncate(file, 150)),
      () => writeFile(file, ""),
    ]) {
      await spoil();
      await expect(load(folder)).rejects.toMatchObject({ code: "INVALID_MODEL", where: file });
    }
  });

  test("a hash that differs", async () => {
    const wrong = "0".repeat(64);
    const folder = await modelFolder("plain", { sha256: wrong });
    await expect(load(folder)).rejects.toMatchObject({ code: "MODEL_MISMATCH", where: "/sha256" });
    expect((await load(folder, { verify: false })).hash).toBe(wrong);
    const right = await sha256(join(folder, "model.onnx"));
    await writeFile(
      join(folder, "model.json"),
      JSON.stringify({ ...plainConfig, sha256: right.toUpperCase() }),
    );
    expect((await load(folder)).hash).toBe(right);
  });

  test.each(["../other.onnx", "sub/net.onnx", "..", ".", "..\\other.onnx", "/etc/passwd"])(
    "a file outside the folder: %s",
    async (file) => {
      await expect(load(await modelFolder("plain", { file }))).rejects.toMatchObject({
        code: "INVALID_MODEL",
        where: "/file",
      });
    },
  );

  test("a link out of the folder", async () => {
    const folder = await modelFolder("plain", { file: "link.onnx" });
    const outside = await temporaryFolder();
    await rename(join(folder, "model.onnx"), join(outside, "model.onnx"));
    await symlink(join(outside, "model.onnx"), join(folder, "link.onnx"));
    await expect(load(folder)).rejects.toMatchObject({
      code: "INVALID_MODEL",
      message: expect.stringContaining("link out of the model's folder"),
    });
  });

  test("a model.json that is a link out of the folder", async () => {
    const folder = await modelFolder("plain");
    const outside = await modelFolder("plain");
    await rm(join(folder, "model.json"));
    await symlink(join(outside, "model.json"), join(folder, "model.json"));
    await expect(load(folder)).rejects.toMatchObject({
      code: "INVALID_MODEL",
      where: join(folder, "model.json"),
    });
    expect((await load(folder, { config: join(folder, "model.json") })).name).toBe("fixture");
  });

  test("weights outside the folder", async () => {
    const outer = await modelFolder("outside");
    await mkdir(join(outer, "inner"));
    for (const name of ["model.onnx", "model.json"])
      await rename(join(outer, name), join(outer, "inner", name));
    await writeFile(join(outer, "weights.bin"), new Float32Array(1));
    await expect(load(join(outer, "inner"))).rejects.toMatchObject({
      code: "INVALID_MODEL",
      message: expect.stringContaining("lies outside of its folder"),
    });
  });

  test("a model.json that describes another file", async () => {
    const folder = await modelFolder("plain", { file: "other.onnx" });
    await expect(load(join(folder, "model.onnx"))).rejects.toMatchObject({
      code: "MODEL_MISMATCH",
      where: "/file",
    });
  });

  test("a model.json that is no JSON, or a folder", async () => {
    const folder = await modelFolder("plain");
    const path = join(folder, "model.json");
    await writeFile(path, "{ format:");
    await expect(load(folder)).rejects.toMatchObject({
      code: "INVALID_MODEL",
      where: path,
      message: expect.stringContaining("not valid JSON"),
    });
    await rm(path);
    await mkdir(path);
    await expect(load(folder)).rejects.toMatchObject({ code: "INVALID_MODEL" });
  });

  test("a model.json beyond the size limit", async () => {
    const folder = await modelFolder("plain");
    await truncate(join(folder, "model.json"), 16 * 2 ** 20 + 1);
    await expect(load(folder)).rejects.toMatchObject({
      code: "INVALID_MODEL",
      message: expect.stringContaining("limit"),
    });
  });
});

describe("an invalid model.json names the place", () => {
  const cases: [changes: Record<string, unknown>, where: string, message: RegExp][] = [
    [{ format: "other" }, "/format", /quench-model/],
    [{ version: 2 }, "/version", /1/],
    [{ name: undefined }, "/name", /expected string/],
    [{ prediction: "noise" }, "/prediction", /epsilon/],
    [{ shape: [1, 0, 2] }, "/shape/1", />0/],
    [{ shape: [1, 2.5] }, "/shape/1", /int/],
    [{ process: { type: "edm", sigmaMax: "80" } }, "/process/sigmaMax", /expected number, received string/],
    [{ process: { type: "edm", sigmaMin: 1, sigmaMax: 0.5 } }, "/process/sigmaMax", /sigmaMin < sigmaMax/],
    [{ process: { type: "edm", sigmaMin: 100 } }, "/process/sigmaMin", /100 and 80/],
    [{ process: { type: "edm", sigmamax: 80 } }, "/process/sigmamax", /did you mean "sigmaMax"/],
    [{ process: { type: "vp-linear", betaMin: 30 } }, "/process/betaMin", /betaMin < betaMax/],
    [{ process: { type: "flow", tStart: 1 } }, "/process/tStart", /<1/],
    [{ process: { type: "vp-discrete", betas: [0.1, 1.5] } }, "/process/betas/1", /<1/],
    [{ process: { type: "vp-discrete", betas: "linaer" } }, "/process/betas", /did you mean "linear"/],
    [
      { process: { type: "vp-discrete", betas: [0.1, 0.2], timesteps: 3 } },
      "/process/timesteps",
      /number of betas, 2/,
    ],
    [{ process: { type: "vp-liner" } }, "/process/type", /did you mean "vp-linear"/],
    [{ process: { type: "flow" }, prediction: "edm-raw" }, "/prediction", /needs the process "edm"/],
    [{ valueRange: [1, -1] }, "/valueRange", /low < high/],
    [{ nullClass: 10 }, "/nullClass", /classes/],
    [{ sha256: "abc" }, "/sha256", /64 hexadecimal digits/],
    [{ predicton: "v" }, "/predicton", /did you mean "prediction"/],
    [{ inputs: { X: "x" } }, "/inputs/X", /did you mean "x"/],
  ];
  test.each(cases)("%j", async (changes, where, message) => {
    const error = { code: "INVALID_MODEL", where, message: expect.stringMatching(message) };
    await expect(load(await modelFolder("plain", changes))).rejects.toMatchObject(error);
  });
});
