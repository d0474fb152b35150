import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { externalDataOf } from "../../lib/denoiser/onnx-external-data.js";
import { loadModel } from "../../lib/index.js";

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/onnx/${name}`, import.meta.url));
let folder: string;
let network: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quench-external-"));
  const outside = await readFile(fixture("outside.onnx"));
  network = Buffer.from(outside.toString("latin1").replace("../weights.bin", "weights001.bin"), "latin1");
  await writeFile(join(folder, "model.onnx"), network);
  const config = {
    format: "quench-model",
    version: 1,
    name: "external",
    process: { type: "vp-linear" },
    prediction: "epsilon",
    shape: [1, 2, 2],
  };
  await writeFile(join(folder, "model.json"), JSON.stringify(config));
});

afterAll(() => rm(folder, { recursive: true }));

const weights = (value: number) =>
  writeFile(join(folder, "weights001.bin"), Buffer.from(Float32Array.of(value).buffer));

async function hash(): Promise<string | undefined> {
  const model = await loadModel(folder);
  await model.close();
  return model.hash;
}

describe("a network with weights in another file", () => {
  it("is another where these are", async () => {
    await weights(1);
    const first = await hash();
    await weights(2);
    const second = await hash();
    await weights(1);
    expect(second).not.toBe(first);
    expect(await hash()).toBe(first);
  });

  it("is refused where they are missing or outside of its folder", async () => {
    await rm(join(folder, "weights001.bin"));
    await expect(hash()).rejects.toMatchObject({
      code: "INVALID_MODEL",
      message: expect.stringContaining('external data "weights001.bin" is missing'),
    });
    await symlink(fixture("plain.onnx"), join(folder, "weights001.bin"));
    await expect(hash()).rejects.toThrow(/lies outside of its folder/);
    await rm(join(folder, "weights001.bin"));
  });

  it("is not hidden behind a field that networks do not have", async () => {
    const path = join(folder, "group.onnx");
    await writeFile(path, Buffer.concat([Buffer.from([0xc3, 0x3e, 0xc4, 0x3e]), network]));
    expect(await externalDataOf(path)).toEqual(["weights001.bin"]);
  });

  it("names them, and what is no network names none", async () => {
    const path = join(folder, "any.onnx");
    await writeFile(path, network);
    expect(await externalDataOf(path)).toEqual(["weights001.bin"]);
    expect(await externalDataOf(fixture("plain.onnx"))).toEqual([]);
    for (let length = 1; length < network.length; length += 7) {
      await writeFile(path, network.subarray(0, length));
      expect([[], ["weights001.bin"]]).toContainEqual(await externalDataOf(path));
    }
    let state = 1;
    for (let round = 0; round < 300; round++) {
      const mutated = Buffer.from(network);
      state = (state * 48_271) % 2_147_483_647;
      mutated[state % mutated.length] = state >> 8;
      await writeFile(path, mutated);
      expect(Array.isArray(await externalDataOf(path))).toBe(true);
    }
  });
});
