import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { benchCommand } from "../../lib/cli/commands/bench.js";
import { defaultMaxBatch, defaultQueueLimit } from "../../lib/engine/engine.js";
import { scheduleNames, solvers } from "../../lib/index.js";
import { digits, emptyFolder, golden, modelFolder, quench } from "./run-quench.js";

const stdout = { write: () => true };
const { signal } = new AbortController();

describe("quench help", () => {
  it("names every command, and every command has examples that parse", async () => {
    const { stdout } = await quench(["--help"]);
    for (const command of ["sample", "info", "solvers", "schedules", "conform"]) {
      expect(stdout).toContain(`\n  ${command} `);
      const help = await quench([command, "--help"]);
      expect(help).toMatchObject({ exitCode: 0, stderr: "" });
      expect(help.stdout).toMatch(/Examples:\n {2}quench /);
    }
  });

  it("says of help itself the same everywhere", async () => {
    for (const group of [[], ["bench"], ["calibrate"]]) {
      expect((await quench([...group, "--help"])).stdout).toMatch(
        /^ {2}help \[command\] +print the help of/m,
      );
    }
  });

  it.each(["tune", "evaluate", "schedule tune"])("of %s says which options are required", async (name) => {
    const command = name.split(" ");
    const { stderr } = await quench([...command, ...(command.length === 1 ? [digits] : [])]);
    const [, option] = /required option '([^']+)' not specified/.exec(stderr)!;
    const { stdout } = await quench([...command, "--help"]);
    const [said] = stdout.slice(stdout.indexOf(`  ${option}`)).split(/\n +-/);
    expect(said!.replaceAll(/\s+/g, " ")).toContain("; required");
  });

  it("of serve shows the defaults of the engine, and no empty list", async () => {
    const help = (await quench(["serve", "--help"])).stdout;
    const stdout = help.replace(/\n {20,}/g, " "); // lines that were wrapped
    expect(stdout).toMatch(new RegExp(`--max-batch <n> .*\\(default: ${defaultMaxBatch}\\)`));
    expect(stdout).toMatch(new RegExp(`--queue-limit <n> .*\\(default: ${defaultQueueLimit}\\)`));
    expect(stdout).not.toContain("default: []");
  });

  it("shows the defaults of lists as the options take them", () => {
    const commands = benchCommand({ stdout, stderr: stdout, signal, exitCode: 0 }).commands;
    const lists = commands.flatMap(({ options }) =>
      options.filter(({ defaultValue }) => Array.isArray(defaultValue)),
    );
    expect(lists.map(({ long }) => long)).toEqual(
      expect.arrayContaining([
        "--shapes",
        "--max-batches",
        "--models",
        "--batches",
        "--solvers",
        "--threads",
      ]),
    );
    for (const { long, parseArg, defaultValue, defaultValueDescription } of lists)
      expect(parseArg!(defaultValueDescription ?? "", undefined), long).toEqual(defaultValue);
  });

  it("is printed as an error where no command is given", async () => {
    const { exitCode, stdout, stderr } = await quench([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: quench/);
  });

  it("prints the package's version", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect((await quench(["--version"])).stdout).toBe(`${version}\n`);
  });
});

describe("the tables", () => {
  it("list every solver and schedule of the registries", async () => {
    const names = async (command: string) =>
      JSON.parse((await quench([command, "--json"])).stdout)[command].map(
        ({ name }: { name: string }) => name,
      );
    expect(await names("solvers")).toEqual([...solvers.keys()]);
    expect(await names("schedules")).toEqual(scheduleNames());
    const text = (await quench(["solvers"])).stdout.split("\n");
    expect(text.slice(1, -1).map((line) => line.split(" ")[0])).toEqual([...solvers.keys()]);
    const schedules = (await quench(["schedules"])).stdout;
    expect(schedules).toMatch(/^edm .* {2}rho {2}/m);
    expect(schedules).toMatch(/^las .* risk .* axis /m);
    expect(schedules).toContain("--grid-option NAME=VALUE");
    expect(schedules).not.toContain("--sigmaData");
  });

  it("print a solver with its options and their defaults", async () => {
    const { stdout } = await quench(["solvers", "ddim"]);
    expect(stdout).toMatch(/^NFE in N steps +N$/m);
    expect(stdout).toMatch(/^eta +number >= 0, <= 1 +0 +share of ancestral noise/m);
    const heun = JSON.parse((await quench(["solvers", "edm-heun", "--json"])).stdout);
    expect(heun).toMatchObject({
      order: 2,
      evaluations: "2N - 1",
      stochastic: "no by default",
      final: "zero",
    });
    expect(heun.options[2]).toMatchObject({ name: "churnMax", default: "Infinity", type: "number > 0" });
  });
});

describe("quench info", () => {
  it("prints what a model is", async () => {
    const { stdout } = await quench(["info", digits]);
    expect(stdout).toMatch(/^model +digits$/m);
    expect(stdout).toMatch(/^process +edm, sigmaMin 0\.002, sigmaMax 80/m);
    const about = JSON.parse((await quench(["info", digits, "--json"])).stdout);
    expect(about).toMatchObject({
      name: "digits",
      prediction: "edm-raw",
      shape: [1, 28, 28],
      nullClass: 10,
      verified: true,
      presets: [4, 5, 6, 7, 8, 9, 10, 11, 12, 20].map((nfe) => `nfe-${nfe}`),
    });
    expect(about.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("names the network's file that it was given, and guidance by conditions", async () => {
    const folder = modelFolder("conditioned.onnx", {
      conditions: { encoder_hidden_states: { shape: [3, 2] }, time_ids: { shape: [2] } },
    });
    renameSync(join(folder, "model.onnx"), join(folder, "network.onnx"));
    const about = await quench(["info", join(folder, "network.onnx"), "--json"]);
    expect(JSON.parse(about.stdout)).toMatchObject({ file: "network.onnx", guidance: true });
    const plain = await quench(["info", modelFolder("plain.onnx"), "--json"]);
    expect(JSON.parse(plain.stdout)).toMatchObject({ file: "model.onnx", guidance: false });
  });
});

describe("quench conform", () => {
  const file = golden("evodiff.worldA.json");

  it("prints one line per case and a summary", async () => {
    const path = golden("evodiff.worldA.json");
    const { cases } = JSON.parse(readFileSync(path, "utf8")) as { cases: { id: string; nfe: number }[] };
    const { exitCode, stdout } = await quench(["conform", path]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBe(cases.length + 1);
    for (const [i, { id, nfe }] of cases.entries()) {
      expect(lines[i]!.split(/ {2,}/)).toEqual([
        "pass",
        id,
        expect.stringMatching(/^max [\d.e-]+$/),
        expect.stringMatching(/^rel [\d.e-]+ \(1e-9\)$/),
        `nfe ${nfe}`,
      ]);
    }
    expect(lines.at(-1)).toBe(`${cases.length} passed, 0 failed, 0 unsupported`);
    expect(exitCode).toBe(0);
  });

  it("passes every file of test/golden, as README.md says", async () => {
    const files = readdirSync(golden(".")).map(golden);
    const { exitCode, stdout } = await quench(["conform", ...files]);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("600 passed, 0 failed, 20 unsupported");
    expect(exitCode).toBe(0);
  });

  it("prints one object for machines, and fails where a case does", async () => {
    const world = JSON.parse(readFileSync(file, "utf8"));
    const [good, wrong, foreign] = world.cases;
    wrong.x_0[0] += 1e-6;
    foreign.solver.unheard_of = 1;
    const changed = join(emptyFolder(), "golden.json");
    writeFileSync(changed, JSON.stringify({ ...world, cases: [good, wrong, foreign] }));

    const { exitCode, stdout } = await quench(["conform", changed, "--json"]);
    const report = JSON.parse(stdout);
    expect(exitCode).toBe(1);
    expect(report).toMatchObject({ passed: 1, failed: 1, unsupported: 1 });
    expect(report.cases.map(({ id }: { id: string }) => id)).toEqual([good.id, wrong.id, foreign.id]);
    expect(report.cases[0]).toMatchObject({ status: "pass", nfe: good.nfe });
    expect(report.cases[1].relError).toBeGreaterThan(1e-9);
    expect(report.cases[2]).toMatchObject({ status: "unsupported", relError: null });
    expect(report.cases[2].reason).toMatch(/unheard_of/);
  });

  it("runs the cases whose id matches, in the dtype asked for", async () => {
    const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: { id: string }[] };
    const only = `^${cases[1]!.id}$`;
    const report = JSON.parse(
      (await quench(["conform", file, "--only", only, "--dtype", "float32", "--json"])).stdout,
    );
    expect(report.cases.length).toBe(1);
    expect(report.cases[0]).toMatchObject({ id: cases[1]!.id, status: "pass", tolerance: 1e-4 });
    expect(report.cases[0].relError).toBeGreaterThan(1e-12);
    const none = await quench(["conform", file, "--only", "no such case"]);
    expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("no case matches") });
  });
});

describe("commands that keep what they have done", () => {
  const heldOut = join(digits, "heldout.npy");
  it.each([
    [["sample", digits, "--labels", "all", "--shard", "10"], "shards", "finished files are"],
    [["tune", digits, "--nfe", "3", "--no-metric"], "preset.json", "what was saved is"],
    [["calibrate", "iia", digits, "--labels", "all"], "iia.json", "what was saved is"],
    [
      ["calibrate", "risk", digits, "--data", heldOut, "--labels", join(digits, "heldout-labels.npy")],
      "risk.json",
      "what was saved is",
    ],
  ] as const)("say so where they are stopped: %j", async (args, out, kept) => {
    const stopped = AbortSignal.abort("SIGINT");
    const command = [...args, "--out", join(emptyFolder(), out), "--quiet"];
    expect(await quench(command, { signal: stopped })).toEqual({
      exitCode: 130,
      stdout: "",
      stderr: `quench: ABORTED: stopped by SIGINT; ${kept} kept, and the same command continues\n`,
    });
  });
});
