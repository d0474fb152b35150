import { appendFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  circle8,
  type Denoiser,
  Engine,
  type GridRequest,
  gaussianMixture,
  presetSchema,
  type SampleRequest,
  sample,
  tunePreset,
  vpDiscrete,
} from "../../lib/index.js";
import { featureStatistics, frechetDistance } from "../../lib/metrics/index.js";
import type { TunePresetOptions } from "../../lib/tune/index.js";
import { temporaryFolder } from "../denoiser/support.js";
import { circle, plane, small } from "./worlds.js";

/** Root mean square errors to the ends of accurate trajectories. */
async function errorOf(request: object, count = 300): Promise<number> {
  const drawn = { count, seed: 99 };
  const { data } = await sample(circle, { ...request, ...drawn });
  const exact = await sample(circle, {
    ...drawn,
    solver: "dpm-solver++-3m",
    steps: 200,
    grid: { schedule: "edm", final: "zero" },
  });
  const squares = Array.from(data, (x, i) => (x - exact.data[i]!) ** 2);
  return Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
}

describe("a search", () => {
  it("finds a preset nearer to the model's own trajectories than every fixed choice, on fresh seeds", async () => {
    const preset = await tunePreset(circle, small);
    expect(presetSchema.parse(JSON.parse(JSON.stringify(preset)))).toEqual(preset);
    expect(preset.tuning!.cost.modelRows).toBeLessThanOrEqual(12_000);
    const [winner, ...others] = preset.tuning!.finalists;
    for (const { error } of others) expect(winner!.error.value).toBeLessThanOrEqual(error.value);
    const tuned = await errorOf({ preset });
    const grids: GridRequest[] = [
      "log-snr",
      "edm",
      { schedule: "edm", final: "zero" },
      { schedule: "log-snr", sigmaMin: 0.1, final: "zero" },
      "time-uniform",
    ];
    for (const solver of small.solvers!)
      for (const grid of grids) expect(await errorOf({ solver, grid, steps: 5 })).toBeGreaterThan(tuned);
  });

  it("lets a metric decide where there is a judge, and says how far behind the others are", async () => {
    const { tuning, nfe } = await tunePreset(circle, { ...small, judge: plane, budget: { rows: 20_000 } });
    expect(tuning!.cost.modelRows).toBeLessThanOrEqual(20_000);
    expect(nfe).toBeLessThanOrEqual(5);
    const [winner, ...others] = tuning!.finalists;
    expect(winner!.behind).toBeUndefined();
    expect(others.length).toBeGreaterThan(0);
    for (const { metric, behind } of others) {
      expect(behind!.value).toBeCloseTo(metric!.value - winner!.metric!.value, 12);
      expect(behind!.value).toBeGreaterThanOrEqual(0);
    }
  });

  it("is not behind a usual choice, whatever its error: the metric has seen them all", async () => {
    const preset = await tunePreset(circle, { ...small, judge: plane, budget: { rows: 120_000 } });
    const distanceOf = async (request: SampleRequest) => {
      const { data } = await sample(circle, { ...request, count: 4000, seed: 99 });
      return frechetDistance(featureStatistics(Float32Array.from(data), 2), plane.reference);
    };
    const tuned = await distanceOf({ preset });
    const edm = { schedule: "edm", final: "zero" } as const;
    const usual: SampleRequest[] = [
      { solver: "ddim", grid: edm },
      { solver: "dpm-solver++-2m", grid: edm },
      { solver: "dpm-solver++-2m", grid: "log-snr" },
      { solver: "ipndm", grid: edm },
      { solver: { name: "unipc", order: 2 }, grid: edm },
    ];
    for (const request of usual)
      expect(tuned).toBeLessThan(1.05 * (await distanceOf({ ...request, steps: 5 })));
  });

  it("finds what the metric wants where the error leads elsewhere, for it sees the usual choices", async () => {
    // What counts as real are the draws of a usual choice, far from the model's own trajectories.
    const wanted = { solver: "ddim", grid: { schedule: "edm", final: "zero" }, steps: 5 } as const;
    const { data } = await sample(circle, { ...wanted, count: 4000, seed: 5 });
    const judge = { ...plane, hash: "ddim", reference: featureStatistics(Float32Array.from(data), 2) };
    const { tuning } = await tunePreset(circle, { ...small, judge, budget: { rows: 120_000 } });
    expect(tuning!.finalists[0]!.origin).toMatch(/^ddim on edm(, bent)?$/);
  });

  it("spends all calls on single-step solvers, and works on models of whole timesteps", async () => {
    const preset = await tunePreset(circle, { ...small, nfe: 6, solvers: [{ name: "dpm-solver++-2s" }] });
    expect(preset.nfe).toBe(6);
    const timesteps = gaussianMixture({ ...circle8, process: vpDiscrete() });
    const found = await tunePreset(
      { ...timesteps, integerTimes: true },
      { ...small, budget: { rows: 60_000 } },
    );
    expect(found.grid).toHaveProperty("t");
    expect(found.nfe).toBe(5);
  });

  it("goes on after being stopped, and finds the same", async () => {
    const checkpoint = join(await temporaryFolder(), ".preset.json.checkpoint");
    const stop = new AbortController();
    const options: TunePresetOptions = { ...small, judge: plane, checkpoint };
    await expect(
      tunePreset(circle, {
        ...options,
        signal: stop.signal,
        onProgress: ({ stage }) => stage === "finals" && stop.abort(),
      }),
    ).rejects.toMatchObject({ code: "ABORTED" });
    const kept = (await readFile(checkpoint, "utf8")).split("\n").length;
    expect(kept).toBeGreaterThan(20);
    await appendFile(checkpoint, '{"key":"refine'); // a line that a kill has torn

    let calls = 0;
    const counted: Denoiser = {
      ...circle,
      evaluate: (batch) => {
        calls++;
        return circle.evaluate(batch);
      },
    };
    const resumed = await tunePreset(counted, options);
    const callsResumed = calls;
    expect(await readdir(join(checkpoint, ".."))).toEqual([]);
    const { checkpoint: _, ...fresh } = options;
    calls = 0;
    const whole = await tunePreset(counted, fresh);
    expect(callsResumed).toBeLessThan(calls);
    const timeless = ({ tuning, ...rest }: typeof whole) => ({
      ...rest,
      tuning: { ...tuning, cost: tuning!.cost.modelRows },
    });
    expect(timeless(resumed)).toEqual(timeless(whole));
  });

  it("turns seconds into rows", async () => {
    const { tuning } = await tunePreset(circle, { ...small, budget: { seconds: 1 } });
    expect(tuning!.budget).toBeGreaterThan(100);
    expect(tuning!.cost.modelRows).toBeLessThanOrEqual(tuning!.budget);
  });
});

describe("a preset", () => {
  it("draws the bits of its solver and grid, in sample() and in an engine", async () => {
    const preset = await tunePreset(circle, { ...small, nfe: 4 });
    const read = presetSchema.parse(JSON.parse(JSON.stringify(preset)));
    const { solver, steps, grid } = preset;
    const request = { count: 7, seed: 3 };
    const explicit = await sample(circle, { ...request, solver, steps, grid });
    expect(explicit.nfe).toBe(preset.nfe);
    expect((await sample(circle, { ...request, preset: read })).data).toEqual(explicit.data);
    const engine = new Engine(circle);
    expect((await engine.sample({ ...request, preset: read })).data).toEqual(explicit.data);
    await engine.close();
  });
});
