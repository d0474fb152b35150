import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { gaussianMixture } from "../../lib/denoiser/index.js";
import { Engine, sample } from "../../lib/engine/index.js";
import { readNpz } from "../../lib/io/index.js";
import { vpLinear } from "../../lib/process/index.js";
import { sampleShards } from "../../lib/shards/index.js";

const root = mkdtempSync(join(tmpdir(), "quench-shards-"));
afterAll(() => rmSync(root, { recursive: true }));

const denoiser = gaussianMixture({
  weights: [0.5, 0.5],
  means: [
    [1, 0, 0, 0],
    [0, 0, -1, 0],
  ],
  stds: [0.3, 0.2],
  shape: [1, 2, 2],
  process: vpLinear(),
});

function draw(folder: string, overrides: Record<string, unknown> = {}, signal?: AbortSignal) {
  return sampleShards(new Engine(denoiser, { maxBatch: 4 }), {
    folder: join(root, folder),
    request: { count: 25, steps: 3, seed: 7, ...overrides },
    shard: 10,
    batch: 4,
    model: { name: "two" },
    ...(signal ? { signal } : {}),
  });
}

/** Every file of a folder, hidden ones too. */
function contents(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).toString("base64")]));
}

describe("a draw in shards", () => {
  test("holds the samples of one draw, with their seeds and numbers", async () => {
    const manifest = await draw("whole");
    expect(manifest).toMatchObject({
      complete: true,
      shards: [{ count: 10 }, { count: 10 }, { first: 20, count: 5 }],
    });
    const { data } = await sample(denoiser, { count: 25, steps: 3, seed: 7 });
    for (const { file, first, count } of manifest.shards) {
      const arrays = await readNpz(join(root, "whole", file));
      expect(arrays.get("samples")!.data).toEqual(data.slice(first * 4, (first + count) * 4));
      expect(arrays.get("sample_numbers")!.data[0]).toBe(BigInt(first));
      expect(arrays.get("seeds")!.data).toEqual(new BigUint64Array(count).fill(7n));
    }
  });

  test("is continued where it was stopped, and half-written files are cleared away", async () => {
    const control = new AbortController();
    control.abort();
    await expect(draw("resumed", {}, control.signal)).rejects.toMatchObject({ code: "ABORTED" });
    writeFileSync(join(root, "resumed", ".00001.npz.0123456789ab.tmp"), "half");
    await draw("resumed");
    await draw("whole");
    expect(contents(join(root, "resumed"))).toEqual(contents(join(root, "whole")));
  });

  test("is drawn again where a file of a finished one has changed, and a file is otherwise left alone", async () => {
    await draw("mended");
    const whole = contents(join(root, "mended"));
    const untouched = statSync(join(root, "mended", "00000.npz")).ino;
    writeFileSync(join(root, "mended", "00001.npz"), "something else");
    await draw("mended");
    expect(contents(join(root, "mended"))).toEqual(whole);
    expect(statSync(join(root, "mended", "00000.npz")).ino).toBe(untouched);
  });

  test("is continued however large the manifest is", async () => {
    await draw("many");
    const manifest = join(root, "many", "manifest.json");
    appendFileSync(manifest, " ".repeat(17 * 2 ** 20)); // as that of three million labelled samples
    await expect(draw("many")).resolves.toMatchObject({ complete: true });
  });

  test("is never mixed with another job or with other files", async () => {
    await expect(draw("whole", { seed: 8 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(draw("whole", { count: 26 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    await expect(draw("")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });

  test("a request that is refused begins no job", async () => {
    await expect(draw("refused", { solver: "bogus" })).rejects.toMatchObject({ code: "UNKNOWN_NAME" });
    expect(readdirSync(join(root, "refused"))).toEqual([]);
    await draw("refused");
  });

  test("what has a shard's name and is no file is said, not read", async () => {
    await draw("pipe");
    const path = join(root, "pipe", "00001.npz");
    rmSync(path);
    spawnSync("mkfifo", [path]);
    await expect(draw("pipe")).rejects.toMatchObject({ code: "WRITE_FAILED", where: path });
  });

  test("what no manifest can hold is refused", async () => {
    const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    for (const request of [
      { solver: { name: "ddim", eta: deep } },
      { conditions: { prompt: 5 } },
      { seeds: 5 },
      { count: 2 ** 52 },
    ])
      await expect(draw("unsayable", request)).rejects.toMatchObject({
        name: "QuenchError",
        code: "INVALID_ARGUMENT",
      });
    await draw("deep");
    const path = join(root, "deep", "manifest.json");
    const manifest = readFileSync(path, "utf8").replace('"seed": 7', `"seed": ${JSON.stringify([1])}`);
    writeFileSync(path, manifest.replace("[1]", `${"[".repeat(100_000)}${"]".repeat(100_000)}`));
    await expect(draw("deep")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("quench sample --shard", () => {
  const quench = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
  const model = fileURLToPath(new URL("../../models/digits", import.meta.url));
  const args = (out: string) =>
    `${quench} sample ${model} --labels all --count 60 --steps 4 --batch 8 --shard 12 --quiet --out`
      .split(" ")
      .concat(join(root, out));

  test("killed at any time, leaves what the next run completes to the same bytes; nobody else writes meanwhile", async () => {
    expect(spawnSync(process.execPath, args("at-once")).status).toBe(0);
    // The writer's claim is a file too; after the first kill there is a dead one's beside it until it is cleared away.
    for (const files of [2, 4]) {
      const child = spawn(process.execPath, args("killed"), { stdio: "inherit" });
      onTestFinished(() => void child.kill("SIGKILL"));
      const ended = once(child, "exit");
      const written = () => {
        try {
          return readdirSync(join(root, "killed")).length;
        } catch {
          return 0;
        }
      };
      while (written() < files && child.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 2));
      if (files === 2) {
        child.kill("SIGSTOP"); // it cannot end before the other one has looked
        const second = spawnSync(process.execPath, args("killed"), { encoding: "utf8" });
        expect([second.status, second.stderr]).toEqual([
          1,
          expect.stringContaining(`process ${child.pid} writes here`),
        ]);
      }
      child.kill("SIGKILL");
      await ended;
    }
    expect(spawnSync(process.execPath, args("killed")).status).toBe(0);
    const whole = contents(join(root, "at-once"));
    expect(Object.keys(whole)).toEqual([
      "00000.npz",
      "00001.npz",
      "00002.npz",
      "00003.npz",
      "00004.npz",
      "manifest.json",
    ]);
    expect(contents(join(root, "killed"))).toEqual(whole);
  }, 120_000);
});
