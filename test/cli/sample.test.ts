import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadModel, sample } from "../../lib/index.js";
import { decodePng, readNpy, readNpz } from "../../lib/io/index.js";
import { digits, emptyFolder, modelFolder, quench } from "./run-quench.js";

const few = ["--steps", "3", "--quiet"];

describe("quench sample", () => {
  it("draws what the library draws for the same request", async () => {
    const out = join(emptyFolder(), "x.npy");
    const args = [
      "--solver",
      "ddim",
      "--option",
      "eta=0.5",
      "--grid",
      "edm",
      "--rho",
      "5",
      "--final",
      "zero",
    ];
    const { exitCode, stderr } = await quench([
      ...[
        "sample",
        digits,
        "--labels",
        "3,7",
        "--count",
        "3",
        "--guidance",
        "1.5",
        "--seed",
        "11",
        "--out",
        out,
      ],
      ...[...args, ...few],
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });

    const model = await loadModel(digits);
    const expected = await sample(model, {
      labels: [3, 7, 3],
      guidance: 1.5,
      seed: 11,
      solver: { name: "ddim", eta: 0.5 },
      grid: { schedule: "edm", rho: 5, final: "zero" },
      steps: 3,
    });
    await model.close();
    const { data, shape } = await readNpy(out);
    expect(shape).toEqual([3, 1, 28, 28]);
    expect(data).toEqual(expected.data);
  });

  it("keys noise by (seed, sample), however the draw is cut into batches", async () => {
    const folder = emptyFolder();
    const draw = async (name: string, ...args: string[]) => {
      const out = join(folder, name);
      expect((await quench(["sample", digits, "--out", out, ...args, ...few])).stderr).toBe("");
      return readNpz(out);
    };
    const whole = await draw("whole.npz", "--labels", "0-4");
    const cut = await draw("cut.npz", "--labels", "0-4", "--batch", "2");
    const seeded = await draw("seeded.npz", "--labels", "2,4", "--seeds", "5,18446744073709551615");
    const [a, b] = [whole.get("samples")!.data as Float32Array, cut.get("samples")!.data as Float32Array];
    // ONNX Runtime's own arithmetic depends on the batch in the last bits.
    for (const [i, value] of a.entries()) expect(b[i]).toBeCloseTo(value, 3);
    expect([...(whole.get("labels")!.data as Int32Array)]).toEqual([0, 1, 2, 3, 4]);
    expect([...(cut.get("sample_numbers")!.data as BigUint64Array)]).toEqual([0n, 1n, 2n, 3n, 4n]);
    expect([...(seeded.get("seeds")!.data as BigUint64Array)]).toEqual([5n, 2n ** 64n - 1n]);
    expect(seeded.get("times")!.shape).toEqual([4]);
  });

  it("writes a grid of pictures, or one each, of the same pixels", async () => {
    const folder = emptyFolder();
    const grid = join(folder, "grid.png");
    const each = join(folder, "each");
    const args = ["sample", digits, "--labels", "0-2", ...few, "--out"];
    expect((await quench([...args, grid, "--columns", "3"])).exitCode).toBe(0);
    expect((await quench([...args, each])).exitCode).toBe(0);

    const whole = decodePng(readFileSync(grid));
    expect([whole.width, whole.height, whole.channels]).toEqual([84, 28, 1]);
    expect(readdirSync(each)).toEqual(["0000.png", "0001.png", "0002.png"]);
    for (const n of [0, 1, 2]) {
      const one = decodePng(readFileSync(join(each, `000${n}.png`)));
      const line = (y: number) => whole.data.slice(84 * y + 28 * n, 84 * y + 28 * (n + 1));
      for (let y = 0; y < 28; y++) expect(one.data.slice(28 * y, 28 * (y + 1))).toEqual(line(y));
    }
    expect(readdirSync(folder).sort()).toEqual(["each", "grid.png"]);
  });

  it("keeps what exists unless forced", async () => {
    const folder = emptyFolder();
    const out = join(folder, "x.png");
    writeFileSync(out, "mine");
    const refused = await quench(["sample", digits, "--out", out, ...few]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/INVALID_ARGUMENT: .*x\.png: the file exists; --force overwrites\n$/);
    expect(readFileSync(out, "utf8")).toBe("mine");
    const forced = await quench(["sample", digits, "--out", out, "--force", ...few]);
    expect(forced.exitCode).toBe(0);
    expect(decodePng(readFileSync(out)).width).toBe(28);

    const occupied = await quench(["sample", digits, "--out", folder, ...few]);
    expect(occupied.stderr).toMatch(/the folder is not empty/);
  });

  it("writes into a folder that exists on a file system of its own", async ({ skip }) => {
    const out = join(emptyFolder(), "pictures");
    const elsewhere = existsSync("/dev/shm")
      ? mkdtempSync("/dev/shm/quench-cli-")
      : skip("no other file system");
    onTestFinished(() => rmSync(elsewhere, { recursive: true }));
    if (statSync(elsewhere).dev === statSync(join(out, "..")).dev) skip("no other file system");
    symlinkSync(elsewhere, out);
    expect(await quench(["sample", digits, "--out", out, ...few])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(readdirSync(elsewhere)).toEqual(["0000.png"]);
  });

  it("tells machines everything in one object", async () => {
    const out = join(emptyFolder(), "x.png");
    const { stdout, stderr } = await quench([
      ...[
        "sample",
        digits,
        "--labels",
        "1",
        "--sigmas",
        "80,5,0.5,0",
        "--solver",
        "edm-heun",
        "--json",
        "--out",
        out,
      ],
    ]);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      model: { name: "digits", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      solver: { name: "edm-heun", churn: 0 },
      steps: 3,
      nfe: 5,
      shape: [1, 1, 28, 28],
      times: [80, 5, 0.5, 0].map((t) => expect.closeTo(t, 9)),
      files: [out],
    });
    expect(report.milliseconds.total).toBeGreaterThan(report.milliseconds.model);
    expect(stderr).toBe("");
  });

  it("tells of a preset that it took, and no number of steps of a solver that chooses it", async () => {
    const report = async (...options: string[]) => {
      const out = join(emptyFolder(), "x.png");
      const { stdout } = await quench([
        "sample",
        digits,
        "--labels",
        "1",
        "--json",
        "--out",
        out,
        ...options,
      ]);
      return JSON.parse(stdout);
    };
    expect(await report("--steps", "4")).toMatchObject({ preset: { nfe: 4 }, steps: 4, nfe: 4 });
    expect(await report("--steps", "3")).toMatchObject({ preset: null, steps: 3 });
    expect(await report("--solver", "dpm-solver-12")).toMatchObject({ preset: null, steps: null });
  });

  it("reads an explicit grid from a file", async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "grid.json"), JSON.stringify({ sigma: [10, 1, 0.1] }));
    const { stdout } = await quench([
      ...[
        "sample",
        digits,
        "--grid-file",
        join(folder, "grid.json"),
        "--json",
        "--out",
        join(folder, "x.npy"),
      ],
    ]);
    const { steps, times } = JSON.parse(stdout);
    expect(steps).toBe(2);
    expect(times).toEqual([10, 1, 0.1].map((t) => expect.closeTo(t, 9)));
  });

  it("says what it drew in one line", async () => {
    const out = join(emptyFolder(), "x.png");
    const { stdout } = await quench(["sample", digits, "--steps", "2", "--out", out]);
    expect(stdout).toMatch(
      /^1 sample from digits by [\w+-]+ on [\w-]+, NFE 2, in [\d.]+ s \(.*\): .*x\.png\n$/,
    );
  });

  it("shows a bar on a terminal, on stderr", async () => {
    const written: string[] = [];
    const terminal = Object.assign(
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          written.push(chunk.toString());
          done();
        },
      }),
      { isTTY: true, columns: 100 },
    );
    const folder = emptyFolder();
    const args = ["sample", digits, "--count", "3", "--batch", "2", "--steps", "4", "--out"];
    const shown = await quench([...args, join(folder, "x.png")], { stderr: terminal });
    expect(shown.exitCode).toBe(0);
    expect(written.join("")).toMatch(/3 from digits .*0\/8 steps.*8\/8 steps/s);
    written.length = 0;
    await quench([...args, join(folder, "y.png"), "--quiet"], { stderr: terminal });
    expect(written).toEqual([]);
  });

  it("stops at the next step when interrupted and leaves nothing", async () => {
    const folder = emptyFolder();
    const controller = new AbortController();
    const running = quench(["sample", digits, "--steps", "100000", "--out", join(folder, "x.png")], {
      signal: controller.signal,
    });
    setTimeout(() => controller.abort("SIGINT"), 300);
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 130,
      stderr: "quench: ABORTED: stopped by SIGINT; nothing was written\n",
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses more samples than there is memory for, but in shards", async () => {
    const folder = join(emptyFolder(), "many");
    const count = ["--count", "9999999", "--dtype", "float64", "--steps", "1"];
    const whole = await quench(["sample", digits, ...count, "--out", `${folder}.npy`]);
    expect(whole.stderr).toMatch(/INVALID_ARGUMENT: count: .*--shard/);
    const wrong = [...count, "--shard", "100", "--solver", "dimm", "--out", folder];
    expect((await quench(["sample", digits, ...wrong])).stderr).toMatch(
      /UNKNOWN_NAME: solver: unknown solver "dimm"/,
    );
  });

  it("draws from a shipped mixture and from one in a file", async () => {
    const folder = emptyFolder();
    const file = join(folder, "mine.json");
    writeFileSync(file, JSON.stringify({ format: "quench-mixture", version: 1, world: "circle8" }));
    const outs = ["a.npy", "b.npy"].map((name) => join(folder, name));
    for (const [i, model] of ["circle8", file].entries()) {
      const outcome = await quench(["sample", model, "--count", "5", "--steps", "4", "--out", outs[i]!]);
      expect(outcome).toMatchObject({ exitCode: 0 });
      expect(outcome.stdout).toMatch(/^5 samples from circle8 by /);
    }
    const [a, b] = outs.map((path) => readFileSync(path));
    expect(a).toEqual(b);
    const info = JSON.parse((await quench(["info", "circle8", "--json"])).stdout);
    expect(info).toMatchObject({ name: "circle8", mixture: "of 8 Gaussians", shape: [2] });
  });

  it("refuses pictures of what is no image, and writes it as an array", async () => {
    const folder = emptyFolder();
    const model = modelFolder("symbolic-shape.onnx", { shape: [2, 2, 2] });
    const refused = await quench(["sample", model, "--out", join(folder, "x.png"), ...few]);
    expect(refused.stderr).toMatch(
      /--out: samples of shape \[2, 2, 2\] are no images: write them to \.npy or \.npz/,
    );
    const out = join(folder, "x.npy");
    expect((await quench(["sample", model, "--out", out, ...few])).exitCode).toBe(0);
    expect((await readNpy(out)).shape).toEqual([1, 2, 2, 2]);
  });
});
