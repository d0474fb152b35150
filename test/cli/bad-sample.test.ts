import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digits, emptyFolder, modelFolder, quench } from "./run-quench.js";

const labelled = { classes: ["a", "b", "c"] };

/** Draws from a model with bad input; expects the error and that nothing was written. */
async function refuses(
  model: string,
  args: readonly string[],
  exitCode: number,
  message: RegExp,
): Promise<void> {
  const folder = emptyFolder();
  const outcome = await quench(["sample", model, "--out", join(folder, "x.png"), ...args]);
  expect(outcome.stderr).toMatch(message);
  expect(outcome.stderr).toMatch(/^quench: [A-Z_]+: [^\n]+\n$/); // one line: no stack
  expect(outcome).toMatchObject({ exitCode, stdout: "" });
  expect(readdirSync(folder)).toEqual([]);
}

describe("models that cannot be used", () => {
  it("missing", () =>
    refuses("no/such/model", [], 1, /INVALID_MODEL: .*no\/such\/model: no such file or folder/));

  it("without its network", () => {
    const model = modelFolder("plain.onnx");
    rmSync(join(model, "model.onnx"));
    return refuses(model, [], 1, /INVALID_MODEL: .*model\.onnx: the model's ONNX file is missing/);
  });

  it("with a corrupt network", () => {
    const model = modelFolder("plain.onnx");
    writeFileSync(join(model, "model.onnx"), "not a network");
    return refuses(model, [], 1, /INVALID_MODEL: .*model\.onnx: not a network that ONNX Runtime can load/);
  });

  it("of another hash", () =>
    refuses(
      modelFolder("plain.onnx", { sha256: "0".repeat(64) }),
      [],
      1,
      /MODEL_MISMATCH: \/sha256: .*0{64}/,
    ));

  it("with an invalid model.json, by JSON pointer", async () => {
    const wrong = (config: Record<string, unknown>, message: RegExp) =>
      refuses(modelFolder("plain.onnx", config), [], 1, message);
    await wrong({ process: { type: "edm", sigmaMin: "0" } }, /INVALID_MODEL: \/process\/sigmaMin: .*number/);
    await wrong(
      { predicton: "epsilon" },
      /INVALID_MODEL: \/predicton: unknown key .*did you mean "prediction"\?/,
    );
    await wrong({ valueRange: [1, -1] }, /INVALID_MODEL: \/valueRange: expected \[low, high\]/);
  });

  it("whose output disagrees with its configuration", async () => {
    await refuses(modelFolder("doubled-output.onnx"), [], 1, /MODEL_MISMATCH: .*output/);
    await refuses(modelFolder("plain.onnx", { shape: [1, 4, 4] }), [], 1, /MODEL_MISMATCH: .*shape/);
  });

  it("which return NaN, naming the evaluation and the sample", () =>
    refuses(
      modelFolder("nan-output.onnx"),
      ["--count", "2"],
      1,
      /MODEL_FAILED: step 1, evaluation 1: the model returned NaN for sample 0/,
    ));
});

describe("requests that cannot be run", () => {
  it.each(["--columns", "--batch"])("%s of nothing, before the model is loaded", (option) =>
    refuses(
      "no/such/model",
      [option, "0"],
      2,
      new RegExp(
        `INVALID_ARGUMENT: option '${option} <n>' argument '0' .*expected an integer ≥ 1, received 0`,
      ),
    ),
  );

  const plain = () => modelFolder("plain.onnx");
  it.each([
    [
      "unknown solver",
      ["--solver", "edm-huen"],
      /UNKNOWN_NAME: solver: unknown solver "edm-huen"; did you mean "edm-heun"\?/,
    ],
    [
      "unknown grid",
      ["--grid", "log-snt"],
      /UNKNOWN_NAME: grid: unknown schedule "log-snt"; did you mean "log-snr"\?/,
    ],
    [
      "unknown option of a solver",
      ["--solver", "ddim", "--option", "ets=1"],
      /UNKNOWN_NAME: solver\.ddim: unknown option "ets"; did you mean "eta"\? Known: eta, noise/,
    ],
    [
      "unknown option of a grid",
      ["--grid", "edm", "--grid-option", "roh=3"],
      /UNKNOWN_NAME: request\.grid: unknown option "roh"; did you mean "rho"\? Known: schedule, sigmaMax,/,
    ],
    [
      "missing artifact",
      ["--solver", "analytic-ddpm"],
      /INVALID_ARGUMENT: solver\.analytic-ddpm\.gamma: required: noise energy .*measureNoiseEnergy/,
    ],
    [
      "option out of range",
      ["--solver", "ddim", "--option", "eta=2"],
      /INVALID_ARGUMENT: solver\.ddim\.eta: .*<=1/,
    ],
    [
      "option of another type",
      ["--solver", "ddim", "--option", "eta=much"],
      /solver\.ddim\.eta: .*expected number/,
    ],
    ["no steps", ["--steps", "0"], /--steps .*expected an integer ≥ 1, received 0/],
    ["half a step", ["--steps", "2.5"], /--steps .*expected an integer ≥ 1, received 2\.5/],
    [
      "steps that are no number",
      ["--steps", "many"],
      /INVALID_ARGUMENT: option '-N, --steps <n>' argument 'many' .*expected an integer ≥ 1, received "many"/,
    ],
    ["times that rise", ["--times", "0.9,0.5,0.6"], /INVALID_ARGUMENT: grid\.t\[2\]: .*strictly decreasing/],
    [
      "times out of range",
      ["--times", "3,0.5"],
      /INVALID_ARGUMENT: grid\.t\[0\]: expected a time in \[0, 1\]/,
    ],
    [
      "levels that stand still",
      ["--sigmas", "5,5,1"],
      /INVALID_ARGUMENT: grid\.sigma\[1\]: .*strictly decreasing/,
    ],
    ["levels below zero", ["--sigmas", "5,1,-1"], /INVALID_ARGUMENT: .*sigma.*>=0/],
    [
      "a grid the other way round",
      ["--sigma-min", "9", "--sigma-max", "1"],
      /INVALID_ARGUMENT: grid: .*sigmaMin/,
    ],
    [
      "two grids",
      ["--grid", "edm", "--sigmas", "5,1"],
      /INVALID_ARGUMENT: option '--sigmas <list>' cannot be used/,
    ],
    ["a grid with foreign bounds", ["--rho", "3", "--sigmas", "5,1"], /--rho: cannot be used with --sigmas/],
    [
      "another number of steps than the grid has",
      ["--steps", "5", "--sigmas", "5,1"],
      /grid: .*1 intervals but 5/,
    ],
    [
      "labels for a model without classes",
      ["--labels", "1"],
      /--labels: the model "small" is not class-conditional/,
    ],
    ["guidance without a null class", ["--guidance", "2"], /guidance: .*has no null class/],
    ["guidance that is not finite", ["--guidance", "Infinity"], /request\.guidance: .*expected number/],
    [
      "guidance that is no number",
      ["--guidance", "NaN"],
      /option '-g, --guidance <scale>' argument 'NaN' .*expected a number/,
    ],
    ["a negative seed", ["--seed=-1"], /--seed: expected integers.*received "-1"/],
    ["a fractional seed", ["--seed", "1.5"], /--seed: expected integers/],
    ["a seed beyond 2^64", ["--seed", "18446744073709551616"], /--seed: expected integers in \[0, 2\^64\)/],
    ["seeds that do not fit the count", ["--seeds", "0-3", "--count", "3"], /seeds: expected 3 seeds/],
    ["no samples", ["--count", "0"], /--count .*expected an integer ≥ 1, received 0/],
    ["too many samples", ["--count", "1e9"], /--count: expected an integer from 1 to 10000000/],
    ["one level alone", ["--sigmas", "5"], /--sigmas: expected two numbers or more.*received 5/],
    ["one time alone", ["--times", "0.5"], /--times: expected two numbers or more.*received 0.5/],
    ["no batch", ["--batch", "0"], /--batch .*expected an integer ≥ 1, received 0/],
  ])("%s", (_, args, message) => refuses(plain(), args, 2, message));

  it("a label out of range or a class that does not exist", async () => {
    const model = modelFolder("labelled.onnx", labelled);
    await refuses(model, ["--labels", "0-3"], 2, /INVALID_ARGUMENT: --labels: expected integers in \[0, 3\)/);
    await refuses(model, ["--labels", "a,x"], 2, /UNKNOWN_NAME: unknown class "x"/);
    await refuses(model, [], 2, /labels: the model is class-conditional and has no null class/);
  });

  it("dynamic thresholding of a model whose samples lie elsewhere than in [-1, 1]", async () => {
    const model = modelFolder("plain.onnx", { valueRange: [0, 1] });
    await refuses(
      model,
      ["--threshold", "0.995"],
      2,
      /INVALID_ARGUMENT: thresholding: dynamic thresholding gives samples in \[-1, 1\], and the model's are in \[0, 1\]/,
    );
    const out = join(emptyFolder(), "x.npy");
    for (const [range, option] of [
      [
        [-1, 1],
        ["--threshold", "0.995"],
      ],
      [[0, 1], ["--clamp"]],
    ] as const) {
      const fitting = modelFolder("plain.onnx", { valueRange: range });
      const drawn = await quench(["sample", fitting, "--steps", "2", "--out", out, "--force", ...option]);
      expect(drawn).toMatchObject({ exitCode: 0, stderr: "" });
    }
  });

  it("a grid file with members of two kinds", async () => {
    const file = join(emptyFolder(), "grid.json");
    for (const [grid, message] of [
      [{ t: [1, 0.5], sigma: [2, 1] }, /INVALID_FILE: \/sigma: unknown key "sigma"\. Known: t /],
      [{ sigma: [2, 1], rho: 5 }, /INVALID_FILE: \/rho: unknown key "rho"\. Known: sigma /],
      [{ schedule: "edm", roh: 5 }, /INVALID_FILE: \/roh: unknown key "roh"; did you mean "rho"\?/],
    ] as const) {
      writeFileSync(file, JSON.stringify(grid));
      await refuses(plain(), ["--grid-file", file], 1, message);
    }
  });

  it("a grid file that is none", async () => {
    const folder = emptyFolder();
    const file = join(folder, "grid.json");
    writeFileSync(file, "[1, 2");
    await refuses(plain(), ["--grid-file", file], 1, /INVALID_FILE: .*grid\.json: not valid JSON/);
  });
});

describe("places that cannot be written", () => {
  const draw = (out: string, ...more: string[]) =>
    quench(["sample", digits, "--steps", "1", "--out", out, ...more]);

  it("in a folder that does not exist", async () => {
    const { exitCode, stderr } = await draw(join(emptyFolder(), "nowhere", "x.png"));
    expect(stderr).toMatch(/^quench: WRITE_FAILED: .*x\.png: cannot write: its folder does not exist\n$/);
    expect(exitCode).toBe(1);
  });

  it("through a link to nowhere, before anything is drawn", async () => {
    const out = join(emptyFolder(), "x.png");
    symlinkSync(join(emptyFolder(), "nowhere", "y.png"), out);
    const { exitCode, stderr } = await quench(["sample", "no/such/model", "--out", out]);
    expect(stderr).toMatch(/^quench: WRITE_FAILED: .*x\.png: is a link to what does not exist\n$/);
    expect(exitCode).toBe(1);
  });

  it("of an unknown format, or of the wrong kind", async () => {
    const folder = emptyFolder();
    expect((await draw(join(folder, "x.gif"))).stderr).toMatch(
      /INVALID_ARGUMENT: --out: cannot write "\.gif"; expected/,
    );
    mkdirSync(join(folder, "x.png"));
    expect((await draw(join(folder, "x.png"), "--force")).stderr).toMatch(
      /WRITE_FAILED: .*x\.png: is a folder/,
    );
    writeFileSync(join(folder, "plain"), "");
    expect((await draw(join(folder, "plain"))).stderr).toMatch(
      /WRITE_FAILED: .*plain: is a file, not a folder/,
    );
  });
});

describe("files given for others", () => {
  it("a model.json for the model", () =>
    refuses(
      join(digits, "model.json"),
      [],
      1,
      /INVALID_MODEL: .*expected a model's folder or its ONNX file/,
    ));

  it.each([
    ["--coefficients", "presets/nfe-4.json", /expected "iia", received "preset": the file is a preset of/],
    ["--preset", "risk.json", /expected "preset", received "risk": the file is a risk curve of/],
  ])("%s %s", (option, file, message) => refuses(digits, [option, join(digits, file)], 1, message));
});

describe("command lines that make no sense", () => {
  it("guidance where no sample has a class", () =>
    refuses(digits, ["--labels", "none", "--guidance", "2"], 2, /--labels: expected a class: without one/));

  it("stdout for samples, one by one or in shards", async () => {
    for (const more of [[], ["--shard", "2"]])
      await refuses(
        digits,
        ["--out", "-", ...more],
        2,
        /INVALID_ARGUMENT: (-: nothing is written to stdout|--out: expected the name of a folder)/,
      );
  });

  it.each([
    [["--option", "name=unipc"], /--option: --solver names the solver/],
    [["--grid-option", "schedule=edm"], /--grid-option: --grid names the schedule/],
    [["--sigmas", "10,1", "--grid-option", "rho=5"], /--grid-option: cannot be used with --sigmas/],
    [["--sigmas", "10,1", "--sigma-max", "5"], /--sigma-max: cannot be used with --sigmas/],
    [["--rho", "3", "--grid-option", "rho=5"], /--grid-option: "rho" has an option of its own/],
    [["--grid-option", "rho=3", "--grid-option", "rho=5"], /"rho" is given twice/],
    [["--option", "eta=1", "--option", "eta=0"], /"eta" is given twice/],
    [["--shard", "3", "--force"], /'--shard <n>' cannot be used with option '-f, --force'/],
    [["--shard", "3", "--columns", "2"], /'--shard <n>' cannot be used with option '--columns <n>'/],
  ])("%j", (args, message) => refuses(digits, args, 2, message));

  it("a name of k-diffusion's", () =>
    refuses(
      digits,
      ["--solver", "dpmpp_2m"],
      2,
      /UNKNOWN_NAME: solver: unknown solver "dpmpp_2m"; did you mean "dpm-solver\+\+-2m"\?/,
    ));
});
