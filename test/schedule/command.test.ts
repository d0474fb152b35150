import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodePng } from "../../lib/io/index.js";
import { digits, emptyFolder, quench } from "../cli/run-quench.js";
import { gaussianRisk, geometric } from "./support.js";

const risk = gaussianRisk(geometric(0.01, 50, 60), 0.5);

function riskFile(content: unknown = risk): string {
  const path = join(emptyFolder(), "risk.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

async function json(...args: string[]) {
  const { stdout, exitCode } = await quench([...args, "--json"]);
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as {
    sigma: number[];
    times: number[];
    modelTimes: number[];
    objective: number | null;
    search: object;
  };
}

describe("quench schedule", () => {
  it("prints a grid between two levels", async () => {
    const found = await json("schedule", "-m", "edm", "-N", "4", "--sigma-min", "0.01", "--sigma-max", "10");
    const [low, high] = [0.01 ** (1 / 7), 10 ** (1 / 7)];
    expect(found).toMatchObject({ method: "edm", steps: 4, objective: null, search: {} });
    found.sigma.forEach((sigma, k) => {
      expect(sigma).toBeCloseTo((high + ((low - high) * k) / 4) ** 7, 9);
      expect(found.times[k]).toBeCloseTo(sigma, 9);
      expect(found.modelTimes[k]).toBeCloseTo(sigma, 9);
    });
  });

  it("tells the process's times from those that the model is told", async () => {
    const { times, modelTimes } = await json(...["schedule", "-m", "edm", "-N", "4", "--model", digits]);
    expect(times[0]).toBeCloseTo(80, 9);
    expect(modelTimes).toEqual(times.map((t) => expect.closeTo(Math.log(t) / 4, 9)));
  });

  it("searches among the levels of a bare risk curve", async () => {
    const path = riskFile();
    const exact = await json("schedule", "-m", "las", "-N", "6", "--risk", path);
    const plain = await json("schedule", "-m", "las", "-N", "6", "--risk", path, "--search", "plain");
    expect(exact.sigma.every((sigma) => risk.sigma.includes(sigma))).toBe(true);
    expect(exact.sigma).toEqual(plain.sigma);
    expect(exact.objective).toBe(plain.objective);
    expect(exact.search).toMatchObject({ method: "exact", algorithm: "envelope", candidates: 60 });
    const smooth = await json(
      "schedule",
      "-m",
      "las",
      "-N",
      "6",
      "--risk",
      path,
      "--smoothness",
      "1",
      "--axis",
      "inf",
    );
    expect(smooth.search).toMatchObject({ algorithm: "second-order", smoothness: 1, axis: "inf" });
  });

  it("takes the bundled model's own risk curve", async () => {
    for (const method of ["las", "rescaled-entropic", "spectral-entropic", "gaussian-optimal"]) {
      const { sigma } = await json("schedule", "-m", method, "-N", "8", "--model", digits);
      expect(sigma).toHaveLength(9);
      sigma.slice(1).forEach((value, k) => {
        expect(value).toBeLessThan(sigma[k]!);
      });
    }
  });

  it("gives sample the bundled model's risk curve too", async () => {
    const out = join(emptyFolder(), "x.npy");
    const command = ["sample", digits, "--grid", "las", "--steps", "4", "--solver", "ddim", "--out", out];
    const first = await json(...command, "--grid-option", "axis=1", "--grid-option", "search=plain");
    const { sigma } = await json("schedule", "-m", "las", "-N", "4", "--model", digits, "--axis", "1");
    expect((first as unknown as { times: number[] }).times).toEqual(
      sigma.map((value) => expect.closeTo(value, 8)),
    );
    const wrong = await quench([...command, "--force", "--grid-option", "axiss=1"]);
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("axiss") });
  });

  it("draws several methods as SVG and PNG", async () => {
    const folder = emptyFolder();
    const draw = (file: string) =>
      quench([
        ...["schedule", "-m", "las", "-N", "6", "--risk", riskFile(), "--plot", join(folder, file)],
        ...["--compare", "edm,rescaled-entropic"],
      ]);
    expect(await draw("a.svg")).toMatchObject({ exitCode: 0 });
    const svg = readFileSync(join(folder, "a.svg"), "utf8");
    for (const word of ["las", "edm", "rescaled-entropic", "cumulative"])
      expect(svg).toContain(`>${word}</text>`);
    expect(await draw("a.png")).toMatchObject({ exitCode: 0 });
    const picture = decodePng(readFileSync(join(folder, "a.png")));
    const again = await draw("a.png");
    expect(again).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("the file exists; --force overwrites"),
    });
    expect(picture.width).toBeGreaterThan(1000);
    expect(new Set(picture.data).size).toBeGreaterThan(10);
  });

  it("finds out before the first trial whether the trials can be written", async () => {
    const out = join(emptyFolder(), "trials.json");
    const tune = (...args: string[]) =>
      quench([
        "schedule",
        "tune",
        "--world",
        "circle8",
        "-N",
        "3",
        "--axis",
        "1",
        "--samples",
        "20",
        ...args,
      ]);
    expect(await tune("--out", join(out, "..", "absent", "x.json"), "--world", "none")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/WRITE_FAILED: .*its folder does not exist/),
    });
    writeFileSync(out, "mine");
    expect(await tune("--out", out, "--allow-other-model")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/the file exists; --force overwrites/),
    });
    expect(readFileSync(out, "utf8")).toBe("mine");
    expect((await tune("--out", out, "--force")).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(out, "utf8")).trials).toHaveLength(1);
  });

  it("refuses schedules to compare where nothing is drawn", async () => {
    const range = ["--sigma-min", "0.01", "--sigma-max", "10"];
    expect(
      await quench(["schedule", "-m", "edm", "-N", "4", ...range, "--compare", "log-snr"]),
    ).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(/--compare: .*--plot/),
    });
  });

  it("tunes on a world and records every trial", async () => {
    const record = await json(
      ...["schedule", "tune", "--world", "circle8", "-N", "4", "--samples", "50", "--axis", "1,inf"],
      ...[
        "--smoothness",
        "0,0.1",
        "--exponent",
        "1,2",
        "--solver",
        "sde-dpm-solver++-2m",
        "--risk",
        riskFile(),
      ],
    );
    expect(record).toMatchObject({
      kind: "schedule-tuning",
      budget: { trials: 6, samples: 50, evaluations: 1200 },
    });
    const { trials, best } = record as unknown as { trials: { score: number }[]; best: { score: number } };
    expect(best.score).toBe(Math.min(...trials.map(({ score }) => score)));
  });

  it.each([
    ["a truncated file", JSON.stringify(risk).slice(0, 50), "INVALID_ARTIFACT", 1],
    ["an empty curve", { ...risk, sigma: [], risk: [] }, "/sigma", 1],
    ["levels out of order", { ...risk, sigma: [...risk.sigma].reverse() }, "/sigma/1", 1],
    ["a negative risk", { ...risk, risk: risk.risk.map((r, i) => (i === 3 ? -1 : r)) }, "/risk/3", 1],
    ["an unknown version", { ...risk, version: 7 }, "/version", 1],
  ])("refuses %s", async (_, content, named, exitCode) => {
    const outcome = await quench(["schedule", "-m", "las", "-N", "4", "--risk", riskFile(content)]);
    expect(outcome).toMatchObject({ exitCode, stdout: "", stderr: expect.stringContaining(named) });
  });

  it("looks at the method's name before it asks for a model", async () => {
    const { exitCode, stderr } = await quench(["schedule", "--method", "lass", "--steps", "3"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('unknown schedule "lass"; did you mean "las"? Known: time-uniform, '),
    });
  });

  it.each([
    [["-m", "las"], "--steps: is required"],
    [["-m", "las", "-N", "60"], "steps"],
    [["-m", "las", "-N", "0"], "expected an integer ≥ 1, received 0"],
    [["-m", "las", "-N", "4", "--candidates", "2.5"], 'expected "measured" or an integer ≥ 1, received 2.5'],
    [["-m", "las", "-N", "4", "--axis", "x"], 'expected "inf" or a number, received "x"'],
    [["-m", "las", "-N", "4", "--sigma-min", "3", "--sigma-max", "2"], "sigmaMin < sigmaMax"],
    [["-m", "edm", "-N", "4", "--axis", "3"], "takes no axis"],
    [["-m", "lass", "-N", "4"], 'did you mean "las"'],
    [["-m", "las", "-N", "4", "--plot", "x.gif"], "--plot"],
    [["-m", "spectral-entropic", "-N", "4"], "--spectral"],
    [["-m", "las", "-N", "4", "--plot", "x.svg", "--compare", "edm,vq"], 'did you mean "vp"'],
  ])("refuses %j", async (args, named) => {
    const outcome = await quench(["schedule", ...args, "--risk", riskFile()]);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining(named) });
  });
});
