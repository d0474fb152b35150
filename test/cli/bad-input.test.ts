import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digits, emptyFolder, golden, quench } from "./run-quench.js";

describe("command lines that make no sense", () => {
  it.each([
    [["sampel", "x"], /INVALID_ARGUMENT: unknown command 'sampel' \(Did you mean sample\?\)/],
    [
      ["sample", digits, "--stpes", "3"],
      /INVALID_ARGUMENT: unknown option '--stpes' \(Did you mean --steps\?\)/,
    ],
    [["sample"], /INVALID_ARGUMENT: missing required argument 'model'/],
    [["sample", digits, "--option", "eta"], /INVALID_ARGUMENT: .*expected key=value, received "eta"/],
    [["solvers", "ddym"], /UNKNOWN_NAME: solver: unknown solver "ddym"; did you mean "ddim"\?/],
    [["conform", "x.json", "--only", "("], /INVALID_ARGUMENT: --only: Invalid regular expression/],
  ])("quench %j", async (args, message) => {
    const { exitCode, stdout, stderr } = await quench(args);
    expect(stderr).toMatch(message);
    expect(stderr.split("\n").length).toBe(2);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  });

  it("gives machines the error as an object, and people the stack when asked", async () => {
    const { stdout, stderr } = await quench(["solvers", "ddym", "--json", "--debug"]);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: "UNKNOWN_NAME",
      message: expect.stringContaining("ddym"),
    });
    expect(stderr).toMatch(/QuenchError: .*\n\s+at /);
  });
});

describe("files of another kind than a command writes", () => {
  it.each([
    ["tune", "no/such/model", "--nfe", "3"],
    ["calibrate", "iia", "no/such/model"],
    ["calibrate", "risk", "no/such/model"],
    ["schedule", "tune", "--model", "no/such/model", "-N", "3"],
  ])("an artifact of %s %s", async (...command) => {
    const out = join(emptyFolder(), "x.png");
    expect(await quench([...command, "--out", out])).toMatchObject({
      exitCode: 2,
      stderr: 'quench: INVALID_ARGUMENT: --out: cannot write ".png"; expected .json\n',
    });
  });

  it("a plot", async () => {
    const { stderr, exitCode } = await quench(["schedule", "-m", "edm", "-N", "3", "--plot", "x.json"]);
    expect(stderr).toBe('quench: INVALID_ARGUMENT: --plot: cannot write ".json"; expected .svg or .png\n');
    expect(exitCode).toBe(2);
  });

  it.each([
    ["sample", "no/such/model", "--shard", "3"],
    ["evaluate", "no/such/model", "--solvers", "ddim", "--nfe", "3"],
  ])("a folder of %s", async (...command) => {
    const out = join(emptyFolder(), "x.json");
    expect(await quench([...command, "--out", out])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /INVALID_ARGUMENT: --out: expected the name of a folder, received ".*x\.json"/,
      ),
    });
    expect((await quench([...command, "--out", join(emptyFolder(), "guidance-1.5")])).exitCode).toBe(1);
  });
});

describe("options that contradict each other", () => {
  it.each([["--levels", "4"], ["--images", "4"], ["--seed", "4"], ["--batch", "4"], ["--spectral"]])(
    "calibrate risk --loss %s",
    async (...options) => {
      const out = join(emptyFolder(), "x.json");
      const command = ["calibrate", "risk", "no/such/model", "--loss", "x.json", "--out", out];
      const { exitCode, stderr } = await quench([...command, ...options]);
      expect(stderr).toMatch(new RegExp(`option '--loss <file>' cannot be used with option '${options[0]}`));
      expect(exitCode).toBe(2);
    },
  );
});

describe("grids out of their options' range", () => {
  it.each([
    ["edm", "--rho", /grid\.rho: .*expected number to be >0/],
    ["gaussian-optimal", "--sigma-data", /grid\.sigmaData: .*expected number to be >0/],
  ])("schedule --method %s %s 0", async (method, option, message) => {
    const range = ["--sigma-min", "0.1", "--sigma-max", "10"];
    const { exitCode, stderr } = await quench(["schedule", "-m", method, "-N", "4", ...range, option, "0"]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });
});

describe("golden files without a case", () => {
  it("are refused naming the file, and --only where that leaves none", async () => {
    const file = join(emptyFolder(), "none.json");
    writeFileSync(
      file,
      JSON.stringify({ family: "x", world: { weights: [], means: [], stds: [], shape: [] }, cases: [] }),
    );
    const empty = await quench(["conform", file]);
    expect(empty).toMatchObject({
      exitCode: 1,
      stderr: `quench: INVALID_FILE: ${file}: there are no cases to run\n`,
    });
    const none = await quench(["conform", golden("edm-heun.worldA.json"), "--only", "nothing"]);
    expect(none).toMatchObject({
      exitCode: 2,
      stderr: "quench: INVALID_ARGUMENT: --only: no case matches nothing\n",
    });
  });

  it("fail where the reference was cut", async () => {
    const whole = JSON.parse(readFileSync(golden("edm-heun.worldA.json"), "utf8"));
    const [first] = whole.cases;
    const file = join(emptyFolder(), "cut.json");
    writeFileSync(file, JSON.stringify({ ...whole, cases: [{ ...first, x_0: first.x_0.slice(0, -1) }] }));
    const { exitCode, stdout } = await quench(["conform", file]);
    expect(stdout).toMatch(
      /^fail +.* the reference has \d+ numbers where the samples have \d+\n0 passed, 1 failed/,
    );
    expect(exitCode).toBe(1);
  });
});

describe("a seed that is several", () => {
  it.each([
    ["tune", "no/such/model", "--nfe", "3"],
    ["calibrate", "iia", "no/such/model"],
    ["calibrate", "risk", "no/such/model"],
    ["schedule", "tune", "--world", "circle8", "-N", "3", "--axis", "1", "--samples", "20"],
  ])("is refused by %s %s", async (...command) => {
    const out = join(emptyFolder(), "x.json");
    expect(await quench([...command, "--out", out, "--seed", "1,2,3"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/INVALID_ARGUMENT: --seed: expected one integer, received "1,2,3"/),
    });
  });
});
