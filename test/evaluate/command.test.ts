import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodePng } from "../../lib/index.js";
import { buildLibrary, main } from "../cli/built.js";
import { quench } from "../cli/run-quench.js";

const root = mkdtempSync(join(tmpdir(), "quench-evaluate-command-"));
const digits = fileURLToPath(new URL("../../models/digits", import.meta.url));
beforeAll(buildLibrary, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Finished cells of a folder: their metrics by key. */
function cellsIn(folder: string): Record<string, unknown> {
  const cells = existsSync(join(folder, "cells")) ? readdirSync(join(folder, "cells")) : [];
  return Object.fromEntries(
    cells
      .filter((name) => /^[0-9a-f]+\.json$/.test(name))
      .map((name) => [name, JSON.parse(readFileSync(join(folder, "cells", name), "utf8")).metrics]),
  );
}

const mixture = ["evaluate", "grid8", "--solvers", "ddim,unipc,evodiff", "--nfe", "4,5,6,8,10", "--quiet"];
const small = ["--samples", "150", "--metrics", "nll,rmse", "--replicates", "40"];

/** Starts the command and stops it as soon as it has finished a cell. */
async function stopAfterOneCell(out: string, signal: "SIGKILL" | "SIGINT") {
  const child = spawn(process.execPath, [main, ...mixture, ...small, "--out", out]);
  let stderr = "";
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  while (Object.keys(cellsIn(out)).length === 0 && child.exitCode === null) await setTimeout(5);
  child.kill(signal);
  return { exitCode: await ended, stderr };
}

describe("quench evaluate", () => {
  it("killed and started again, makes the cells of a run that was not", async () => {
    const [whole, killed, stopped] = ["whole", "killed", "stopped"].map((name) => join(root, name));
    expect(await quench([...mixture, ...small, "--out", whole!])).toMatchObject({ exitCode: 0, stderr: "" });
    const expected = cellsIn(whole!);
    expect(Object.keys(expected)).toHaveLength(15);

    await stopAfterOneCell(killed!, "SIGKILL");
    const before = Object.keys(cellsIn(killed!));
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(15);
    const { stdout } = await quench([...mixture, ...small, "--out", killed!, "--json"]);
    const { cells } = JSON.parse(stdout) as { cells: { key: string; reused: boolean }[] };
    expect(
      cells
        .filter(({ reused }) => reused)
        .map(({ key }) => `${key}.json`)
        .sort(),
    ).toEqual(before.sort());
    expect(cellsIn(killed!)).toEqual(expected);

    const { exitCode, stderr } = await stopAfterOneCell(stopped!, "SIGINT");
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/^quench: ABORTED: stopped by SIGINT; finished cells are kept/m);
    expect(Object.keys(cellsIn(stopped!)).length).toBeGreaterThan(0);
  }, 120_000);

  it("draws a network in threads of their own, and writes tables, plots, traces and a sheet", async () => {
    const plan = join(root, "plan.json");
    const methods = [
      { solver: "dpm-solver++-2m" },
      { name: "rescaled", solver: "evodiff", grid: "rescaled-entropic" },
    ];
    const reference = { solver: "dpm-solver++-3m", steps: 12 };
    writeFileSync(
      plan,
      JSON.stringify({ methods, steps: [3, 4], samples: 12, replicates: 20, trace: 4, reference }),
    );
    const out = join(root, "digits");
    const child = spawn(process.execPath, [main, "evaluate", digits, "--plan", plan, "--out", out, "--json"]);
    let stdout = "";
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(0);
    const { cells, files } = JSON.parse(stdout);
    const names = ["fd", "kid", "is", "precision", "recall", "accuracy", "rmse"];
    expect(files).toEqual([
      "results.md",
      "results.csv",
      ...names.map((name) => `${name}.svg`),
      "trace-3-steps.svg",
      "trace-4-steps.svg",
      "samples.png",
    ]);
    for (const file of files) expect(existsSync(join(out, file))).toBe(true);
    expect(Object.keys(cells[0].metrics)).toEqual(names);
    expect(cells[0].metrics.accuracy.value).toBeGreaterThan(0.3);
    // The risk curve of the model's folder was taken, in the grid and for the entropies.
    expect(JSON.stringify(cells[2].settings.grid)).toMatch(/rescaled-entropic.*sha256/);
    const trace = JSON.parse(readFileSync(cells[2].trace, "utf8"));
    const share = trace.steps.reduce(
      (sum: number, step: { entropyShare: number }) => sum + step.entropyShare,
      0,
    );
    expect(share).toBeCloseTo(1, 6);
    const sheet = decodePng(readFileSync(join(out, "samples.png")));
    // Two columns of four digits of 28 pixels, drawn twice as large.
    expect(sheet.width).toBeGreaterThan(2 * 4 * 56);
    expect(sheet.height).toBeGreaterThan(2 * 2 * 56);
    expect(new Set(sheet.data).size).toBeGreaterThan(20);
  }, 120_000);

  it("takes away what it drew of an earlier plan, and nothing else; calls that are not as many as steps are shown", async () => {
    const out = join(root, "plans");
    const plan = (...options: string[]) =>
      quench([
        "evaluate",
        "circle8",
        "--samples",
        "40",
        "--replicates",
        "20",
        "--quiet",
        "--out",
        out,
        ...options,
      ]);
    await plan("--solvers", "ddim", "--nfe", "3", "--metrics", "nll,rmse", "--trace", "2");
    writeFileSync(join(out, "notes.svg"), "mine");
    const drawn = () => readdirSync(out).filter((name) => name.endsWith(".svg"));
    expect(drawn().sort()).toEqual(["nll.svg", "notes.svg", "rmse.svg", "trace-nfe-3.svg"]);
    await plan("--solvers", "ddim,edm-heun", "--steps", "3", "--metrics", "nll");
    expect(drawn().sort()).toEqual(["nll.svg", "notes.svg"]);
    const table = readFileSync(join(out, "results.md"), "utf8");
    expect(table).toMatch(/\| edm-heun \| .* \([56]\) \|/);
    expect(table).toMatch(/\| ddim \| [^(]* \|/);
  });

  it("says what is wrong with a command line", async () => {
    const out = join(root, "bad");
    const run = (...args: string[]) => quench(["evaluate", "circle8", "--out", out, ...args]);
    expect(await run("--nfe", "5")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/expected solvers, presets or a plan/),
    });
    expect(await run("--solvers", "unipcc", "--nfe", "5")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/UNKNOWN_NAME.*did you mean "unipc"/),
    });
    expect(existsSync(out)).toBe(false);
  });

  it("ends with 1 where a cell failed", async () => {
    const plan = join(root, "failing.json");
    const methods = [{ solver: "ddim" }, { name: "bad", solver: "ddim", initialScale: 1e300 }];
    writeFileSync(
      plan,
      JSON.stringify({ methods, steps: [3], samples: 8, metrics: ["nll"], replicates: 20 }),
    );
    const { exitCode, stdout, stderr } = await quench([
      "evaluate",
      "circle8",
      "--plan",
      plan,
      "--out",
      join(root, "failing"),
    ]);
    expect({ exitCode, stderr: stderr.split("\n").at(-2) }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/MODEL_FAILED: bad, steps 3/),
    });
    expect(stdout).toContain("| bad | failed |");
  });
});
