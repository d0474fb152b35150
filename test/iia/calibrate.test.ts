import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { calibrateIia, type IiaOptions } from "../../lib/calibrate/index.js";
import { resolveRequest } from "../../lib/engine/index.js";
import { type Denoiser, type IiaArtifact, iiaJsonSchema, iiaSchema, sample } from "../../lib/index.js";
import { temporaryFolder } from "../denoiser/support.js";
import { cases, steps } from "./cases.js";
import { discreteWorld, edmWorld, vpWorld } from "./worlds.js";

const edmGrid = { schedule: "edm", final: "zero" } as const;
const vpGrid = { schedule: "log-snr", sigmaMin: 0.02 } as const;
const calibrated = (options: Partial<IiaOptions> = {}) =>
  calibrateIia(edmWorld, { solver: "iia-edm", steps, grid: edmGrid, samples: 24, batch: 10, ...options });

describe("a calibration", () => {
  it.each(cases.map((one) => [JSON.stringify(one.solver), one] as const))(
    "%s: no step is further from its fine solution than the base's",
    async (_, { denoiser, grid, solver }) => {
      const artifact = await calibrateIia(denoiser, { solver, grid, steps, samples: 48, batch: 20 });
      expect(iiaSchema.parse(JSON.parse(JSON.stringify(artifact)))).toEqual(artifact);
      expect(artifact.steps).toHaveLength(steps);
      for (const { residual, baseResidual, coefficients, rank } of artifact.steps) {
        expect(coefficients.every(Number.isFinite)).toBe(true);
        expect(rank).toBeLessThanOrEqual(coefficients.length);
        // Measured after the step, not taken from the normal equations: but for float32 rounding.
        expect(residual).toBeLessThanOrEqual(baseResidual * (1 + 1e-6) + 1e-9);
      }
      const sum = (key: "residual" | "baseResidual" | "freshResidual" | "freshBaseResidual") =>
        artifact.steps.reduce((total, step) => total + step[key], 0);
      expect(sum("residual")).toBeLessThan(0.95 * sum("baseResidual"));
      expect(sum("freshResidual")).toBeLessThan(sum("freshBaseResidual"));
    },
  );

  it("orders IIA-EDM before BIIA-EDM before EDM, as IIA's Table 4", async () => {
    const average = ({ steps }: IiaArtifact) => steps.reduce((sum, { residual }) => sum + residual, 0);
    const iia = average(await calibrated({ samples: 100 }));
    const biia = await calibrated({ samples: 100, solver: "biia-edm" });
    const base = biia.steps.reduce((sum, { baseResidual }) => sum + baseResidual, 0);
    expect(iia).toBeLessThan(average(biia));
    expect(average(biia)).toBeLessThan(base);
  });

  it("asks a model of timesteps for none below its first one, on the step to sigma = 0", async () => {
    const asked: number[] = [];
    const watched: Denoiser = {
      ...discreteWorld,
      evaluate(batch) {
        for (const { t } of batch.levels) asked.push(t);
        return discreteWorld.evaluate(batch);
      },
    };
    await calibrateIia(watched, { solver: "iia:edm-heun", grid: edmGrid, steps: 3, samples: 4 });
    expect(Math.min(...asked)).toBe(discreteWorld.process.tEnd);
  });

  it("finds IIA's Eq. 16 on the first step of BIIA-EDM with r = 0", async () => {
    const { steps: found } = await calibrated({
      solver: { name: "biia-edm", history: 0 },
      substeps: 4,
      samples: 12,
    });
    const request = { count: 12, seed: 4004, dtype: "float64" } as const;
    const { levels } = resolveRequest(edmWorld, { steps, grid: edmGrid, solver: "edm-heun" }).grid;
    const [from, to] = [levels[0]!.sigma, levels[1]!.sigma];
    const between = Array.from({ length: 5 }, (_, k) => from + ((to - from) * k) / 4);
    const draw = async (solver: string, sigma: number[]) =>
      (await sample(edmWorld, { ...request, solver, grid: { sigma }, steps: sigma.length - 1 })).data;
    // One Euler step of no length to speak of gives x_T.
    const start = (await draw("euler", [from, from * (1 - 1e-13)])) as Float64Array;
    const coarse = (await draw("edm-heun", [from, to])) as Float64Array;
    const fine = (await draw("edm-heun", between)) as Float64Array;
    let [inner, square] = [0, 0];
    for (const [i, x] of start.entries()) {
      inner += (coarse[i]! - x) * (fine[i]! - x);
      square += (coarse[i]! - x) ** 2;
    }
    expect(found[0]!.coefficients[0]).toBeCloseTo(inner / square - 1, 6);
  });

  it("takes the shortest solution where IIA-DDIM's quantities are collinear, on the second step", async () => {
    const { steps: found } = await calibrateIia(vpWorld, {
      solver: "ddim",
      steps,
      grid: vpGrid,
      samples: 24,
    });
    expect(found[0]).toMatchObject({ coefficients: [], rank: 0 });
    expect(found[1]!.coefficients).toHaveLength(2);
    expect(found[1]!.rank).toBe(1);
    expect(found[2]!.rank).toBe(2);
  });

  it.each(["iia-spndm", "iia-ipndm"])(
    "finds the second step of %s collinear on EDM's levels too",
    async (solver) => {
      // States and ε̂ are some 80 times as long as the changes of x̂: what rounding puts into these is theirs.
      const { steps: found } = await calibrateIia(edmWorld, {
        solver,
        steps: 3,
        grid: "log-snr",
        samples: 50,
      });
      expect(found[1]!.rank).toBe(1);
      for (const phi of found.flatMap(({ coefficients }) => coefficients))
        expect(Math.abs(phi)).toBeLessThan(10);
    },
  );

  it("solves a step finely by single-step solvers too, where there are fewer levels than sub-steps", async () => {
    const { steps: found } = await calibrateIia(discreteWorld, {
      solver: "iia:dpm-solver++-3s",
      grid: edmGrid,
      steps: 6,
      samples: 4,
    });
    expect(found.every(({ residual }) => Number.isFinite(residual))).toBe(true);
  });

  it("refuses solvers whose steps do not go from level to level", async () => {
    await expect(
      calibrateIia(vpWorld, { solver: "iia:pndm-diffusers", grid: vpGrid, steps, samples: 4 }),
    ).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where: "solver" });
  });

  it.each([
    "re-multi-step",
    { name: "iia:unipc", corrector: false },
    { name: "iia:unipc", uncorrected: [2] },
  ])("refuses %j, which evaluates at the end of its steps", async (solver) => {
    await expect(calibrateIia(vpWorld, { solver, grid: vpGrid, steps: 6, samples: 4 })).rejects.toMatchObject(
      { code: "INVALID_ARGUMENT", where: "solver" },
    );
  });

  it("does not depend on how samples are divided into batches", async () => {
    const { cost: _, ...one } = await calibrated({ batch: 24 });
    const { cost: __, ...other } = await calibrated({ batch: 7 });
    expect(other).toEqual(one);
  });

  it("goes on from its checkpoint, and leaves nothing behind", async () => {
    const folder = await temporaryFolder();
    const checkpoint = join(folder, ".iia.checkpoint");
    const stop = new AbortController();
    const progress: number[] = [];
    const interrupted = calibrated({
      checkpoint,
      signal: stop.signal,
      onProgress: (done, total) => progress.push(done / total),
      onStep: (index) => index === 2 && stop.abort(),
    });
    await expect(interrupted).rejects.toMatchObject({ code: "ABORTED" });
    expect(JSON.parse(readFileSync(checkpoint, "utf8")).progress.steps).toHaveLength(3);
    expect(progress.at(-1)).toBe(0.5);
    const resumedSteps: number[] = [];
    const { cost, ...resumed } = await calibrated({
      checkpoint,
      onStep: (index) => resumedSteps.push(index),
    });
    const { cost: whole, ...expected } = await calibrated();
    expect(resumed).toEqual(expected);
    expect(resumedSteps).toEqual([3, 4, 5]);
    expect(cost.modelRows).toBeGreaterThan(whole.modelRows);
    expect(await readdir(folder)).toEqual([]);
    // A checkpoint of another calibration is of no use.
    await expect(calibrated({ checkpoint, samples: 30, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });

  it("counts what it costs", async () => {
    const { cost } = await calibrated({ samples: 10, batch: 10, substeps: 3 });
    // Heun: 2 calls a step, the last to zero 1; so also every fine step, the last of them 5.
    expect(cost.modelRows).toBe(2 * 10 * (5 * (2 + 6) + (1 + 5)));
  });

  it.each([
    ["stochastic solvers", { solver: "ddpm" }, "INVALID_ARGUMENT"],
    ["solvers with error control", { solver: "dpm-solver-12" }, "INVALID_ARGUMENT"],
    ["unknown options", { solver: { name: "iia-edm", r: 1 } }, "UNKNOWN_NAME"],
    ["no samples", { samples: 0 }, "INVALID_ARGUMENT"],
    ["half a sub-step", { substeps: 1.5 }, "INVALID_ARGUMENT"],
    ["guidance of a model without classes", { guidance: 2 }, "INVALID_ARGUMENT"],
  ])("refuses %s before any model call", async (_, options, code) => {
    const never: Denoiser = { ...edmWorld, evaluate: () => Promise.reject(new Error("called")) };
    await expect(
      calibrateIia(never, { solver: "iia-edm", steps, grid: edmGrid, ...options } as IiaOptions),
    ).rejects.toMatchObject({ code });
  });
});

describe("sampling with coefficients", () => {
  it("refuses what they were not made for, naming the difference", async () => {
    const coefficients = await calibrated();
    const never: Denoiser = { ...edmWorld, evaluate: () => Promise.reject(new Error("called")) };
    const solver = { ...coefficients.solver, coefficients };
    const good = { solver, steps, grid: edmGrid };
    const refused = (change: object, message: RegExp, denoiser = never, code = "INVALID_ARGUMENT") =>
      expect(sample(denoiser, { ...good, ...change })).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
    await refused({ steps: 7 }, /steps 6, asked for 7/);
    await refused({ grid: { schedule: "log-snr", final: "zero" } }, /noise level 1/);
    await refused({ solver: { ...solver, history: 2 } }, /option history 1, asked for 2/);
    await refused({ solver: { ...solver, name: "biia-edm" } }, /solver "iia-edm", asked for "biia-edm"/);
    await refused({ thresholding: { type: "clamp" } }, /thresholding none, asked for \{"type":"clamp"/);
    await refused({}, /"gaussian-mixture".*"other"/, { ...never, name: "other" }, "MODEL_MISMATCH");
    const guided = { ...coefficients, guidance: 2 };
    await refused({ solver: { ...solver, coefficients: guided } }, /guidance 2, asked for none/);
    const hashed = { ...coefficients, model: { name: "gaussian-mixture", sha256: "ab" } };
    await refused(
      { solver: { ...solver, coefficients: hashed } },
      /ab.*cd/,
      { ...never, hash: "cd" },
      "MODEL_MISMATCH",
    );
    await refused({ solver: "iia-edm" }, /coefficients/);
    const short = {
      ...coefficients,
      steps: coefficients.steps.map((step) => ({ ...step, coefficients: [1] })),
    };
    await refused(
      { solver: { ...solver, coefficients: short } },
      /expected 2 coefficients/,
      edmWorld,
      "INVALID_ARTIFACT",
    );
  });

  it("brings draws closer to the ODE's solution than the base does, at equal NFE", async () => {
    const coefficients = await calibrated({ samples: 100 });
    const request = { steps, grid: edmGrid, count: 64, seed: 1 };
    const truth = (
      await sample(edmWorld, {
        ...request,
        solver: "dpm-solver++-3m",
        steps: 1000,
        grid: "log-snr",
        dtype: "float64",
      })
    ).data;
    const base = await sample(edmWorld, { ...request, solver: "edm-heun" });
    const iia = await sample(edmWorld, { ...request, solver: { ...coefficients.solver, coefficients } });
    const error = (data: ArrayLike<number>) =>
      Math.sqrt(Array.from(data).reduce((sum, value, i) => sum + (value - truth[i]!) ** 2, 0) / data.length);
    expect(iia.nfe).toBe(base.nfe);
    expect(error(iia.data)).toBeLessThan(error(base.data) / 2);
  });
});

it("schemas/iia.schema.json is current (npm run build:lib && node scripts/build/schemas.mjs)", () => {
  const committed: unknown = JSON.parse(
    readFileSync(new URL("../../schemas/iia.schema.json", import.meta.url), "utf8"),
  );
  expect(committed).toEqual(JSON.parse(JSON.stringify(iiaJsonSchema())));
});
