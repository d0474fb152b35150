// A pipe where a file is expected: opening it would wait for a writer for ever.

import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openImages } from "../../lib/calibrate/index.js";
import { loadModel } from "../../lib/denoiser/index.js";
import { openNpy, readNpz, readSafetensors } from "../../lib/io/index.js";
import { findSolver } from "../../lib/solver/index.js";
import { modelFolder, temporaryFolder } from "../denoiser/support.js";

async function pipe(name: string, folder?: string): Promise<string> {
  const path = join(folder ?? (await temporaryFolder()), name);
  execFileSync("mkfifo", [path]);
  return path;
}

test.skipIf(process.platform === "win32")("readers of arrays refuse a pipe", async () => {
  for (const [name, read] of [
    ["a.npy", openNpy],
    ["a.npz", readNpz],
    ["a.safetensors", readSafetensors],
  ] as const) {
    const path = await pipe(name);
    await expect(read(path)).rejects.toMatchObject({
      code: "INVALID_FILE",
      where: path,
      message: expect.stringContaining("pipe"),
    });
  }
});

test.skipIf(process.platform === "win32")("a model's network or configuration is no pipe", async () => {
  const folder = await modelFolder("plain");
  await rm(join(folder, "model.onnx"));
  const network = await pipe("model.onnx", folder);
  const refused = { code: "INVALID_MODEL", where: network };
  await expect(loadModel(folder)).rejects.toMatchObject(refused);
  await expect(loadModel(network)).rejects.toMatchObject(refused);
  await rm(join(folder, "model.json"));
  await pipe("model.json", folder);
  await expect(loadModel(folder)).rejects.toMatchObject({ code: "INVALID_MODEL" });
});

test.skipIf(process.platform === "win32")("nor are images and a model's statistics", async () => {
  const image = await pipe("a.png");
  const model = { shape: [1, 2, 2] };
  const source = openImages(join(image, ".."), model);
  await expect(source.then(({ read }) => read(0, 1))).rejects.toMatchObject({ code: "INVALID_FILE" });
  const statistics = await pipe("statistics.npz");
  expect(() => findSolver("dpm-solver-v3").options.parse({ statistics })).toThrow(/pipe/);
});
