import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Level } from "../../lib/process/index.js";

export const fixtures = new URL("../fixtures/onnx/", import.meta.url).pathname;

/** An empty folder that goes away with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "quench-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A model folder around a fixture network, with a valid `model.json` changed by `changes`. */
export async function modelFolder(fixture: string, changes: Record<string, unknown> = {}): Promise<string> {
  const folder = await temporaryFolder();
  await writeFixture(folder, fixture, changes);
  return folder;
}

/** The same in a folder that is there. */
export async function writeFixture(
  folder: string,
  fixture: string,
  changes: Record<string, unknown> = {},
): Promise<void> {
  await cp(join(fixtures, `${fixture}.onnx`), join(folder, "model.onnx"));
  await writeFile(join(folder, "model.json"), JSON.stringify({ ...plainConfig, ...changes }));
}

export const plainConfig = {
  format: "quench-model",
  version: 1,
  name: "fixture",
  process: { type: "edm", sigmaMin: 0.002, sigmaMax: 80 },
  prediction: "epsilon",
  shape: [1, 2, 2],
};

/** A level that tells the model `modelTime` and nothing else of interest. */
export function told(modelTime: number): Level {
  return { t: modelTime, modelTime, alpha: 1, sigma: 1, lambda: 0 };
}
