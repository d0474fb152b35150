import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { checkJson, writeNpy } from "../../lib/io/index.js";
import { riskSchema } from "../../lib/schedule/index.js";
import { buildLibrary, main } from "../cli/built.js";
import { emptyFolder, modelFolder, quench } from "../cli/run-quench.js";

beforeAll(buildLibrary, 120_000);

const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;

/** A model of one small network and 40 images for it. */
async function subject() {
  const model = modelFolder("plain.onnx");
  const { shape } = JSON.parse((await quench(["info", model, "--json"])).stdout) as { shape: number[] };
  const size = shape.reduce((a, b) => a * b, 1);
  const data = join(emptyFolder(), "images.npy");
  const values = Float32Array.from({ length: 40 * size }, (_, i) => Math.sin(i));
  await writeNpy(data, { data: values, shape: [40, ...shape] });
  return { model, data, folder: emptyFolder() };
}

describe("quench calibrate risk", () => {
  it("takes labels that are whole numbers", async () => {
    const { model, data, folder } = await subject();
    const labels = join(folder, "labels.npy");
    await writeNpy(labels, { data: Float32Array.from({ length: 40 }, (_, i) => i / 4), shape: [40] });
    const out = join(folder, "risk.json");
    const command = ["calibrate", "risk", model, "--data", data, "--labels", labels, "--out", out];
    expect(await quench(command)).toMatchObject({
      exitCode: 1,
      stderr: `quench: INVALID_FILE: ${labels}: expected whole numbers, received 0.25 for image 1\n`,
    });
    // Which 32 bits would hold as class 0.
    await writeNpy(labels, { data: Float64Array.from({ length: 40 }, () => 2 ** 40), shape: [40] });
    expect(await quench(command)).toMatchObject({
      exitCode: 1,
      stderr: `quench: INVALID_FILE: ${labels}: expected whole numbers, received ${2 ** 40} for image 0\n`,
    });
  });

  it("writes an artifact that its schema takes and quench schedule reads", async () => {
    const { model, data, folder } = await subject();
    const out = join(folder, "risk.json");
    const run = await quench([
      "calibrate",
      "risk",
      model,
      "--data",
      data,
      "--levels",
      "16",
      "--out",
      out,
      "--json",
    ]);
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(run.stdout)).toMatchObject({ levels: 16, images: 40, file: out });
    const artifact = checkJson(read(out), riskSchema);
    expect(artifact.model!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(artifact.settings).toMatchObject({ estimator: "monte-carlo", images: 40, seed: "0" });
    expect(readdirSync(folder)).toEqual(["risk.json"]);
    const schedule = await quench([
      "schedule",
      "-m",
      "las",
      "-N",
      "5",
      "--model",
      model,
      "--risk",
      out,
      "--json",
    ]);
    expect(schedule).toMatchObject({ exitCode: 0 });
    writeFileSync(out, JSON.stringify({ ...artifact, model: { sha256: "0".repeat(64) } }));
    const other = await quench(["schedule", "-m", "las", "-N", "5", "--model", model, "--risk", out]);
    expect(other).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("MODEL_MISMATCH") });
    const allowed = await quench([
      "schedule",
      "-m",
      "las",
      "-N",
      "5",
      "--model",
      model,
      "--risk",
      out,
      "--allow-other-model",
    ]);
    expect(allowed.exitCode).toBe(0);
  });

  it("goes on after SIGKILL, to the same values", async () => {
    const { model, data, folder } = await subject();
    const out = join(folder, "risk.json");
    const args = [
      "calibrate",
      "risk",
      model,
      "--data",
      data,
      "--batch",
      "1",
      "--levels",
      "128",
      "--out",
      out,
    ];
    const checkpoint = join(folder, ".risk.json.checkpoint");
    const child = spawn(process.execPath, [main, ...args], { stdio: "ignore" });
    const ended = new Promise((resolve) => child.on("close", resolve));
    while (!existsSync(checkpoint) && child.exitCode === null) await setTimeout(5);
    child.kill("SIGKILL");
    await ended;
    expect(existsSync(checkpoint)).toBe(true);
    expect(await quench([...args, "--force"])).toMatchObject({ exitCode: 0 });
    const fresh = join(folder, "fresh.json");
    await quench([...args.slice(0, -1), fresh]);
    expect(read(out)).toEqual(read(fresh));
    expect(readdirSync(folder).sort()).toEqual(["fresh.json", "risk.json"]);
  });

  it("imports a loss curve", async () => {
    const { model, folder } = await subject();
    const [loss, out] = [join(folder, "loss.json"), join(folder, "risk.json")];
    writeFileSync(
      loss,
      JSON.stringify({ kind: "loss", weighting: "epsilon", sigma: [0.5, 2], loss: [8, 1] }),
    );
    expect(await quench(["calibrate", "risk", model, "--loss", loss, "--out", out])).toMatchObject({
      exitCode: 0,
    });
    expect(read(out)).toMatchObject({
      risk: [2, 4],
      settings: { estimator: "loss-curve", weighting: "epsilon" },
    });
  });

  it("refuses to run without images, on missing ones, and over an existing file", async () => {
    const { model, data, folder } = await subject();
    const out = join(folder, "risk.json");
    const command = ["calibrate", "risk", model, "--out", out];
    expect(await quench(command)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--data") });
    const missing = await quench([...command, "--data", join(folder, "none.npy")]);
    expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("INVALID_FILE") });
    writeFileSync(out, "mine");
    const occupied = await quench([...command, "--data", data]);
    expect(occupied).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--force") });
    expect(readFileSync(out, "utf8")).toBe("mine");
  });
});
