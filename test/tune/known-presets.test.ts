import { describe, expect, it } from "vitest";
import { type Denoiser, type Preset, sample, tunePreset } from "../../lib/index.js";
import { featureStatistics } from "../../lib/metrics/index.js";
import { circle, plane, small } from "./worlds.js";

const three: Preset = {
  ...{ kind: "preset", version: 1, model: { name: circle.name }, nfe: 3, steps: 3 },
  solver: { name: "dpm-solver++-2m" },
  grid: { sigma: [60, 4, 0.5, 0.1] },
};

describe("presets found before", () => {
  it("take part, and one of fewer calls wins where its samples are better", async () => {
    // What counts as real are the preset's own samples: nothing of five calls is as near.
    const { data } = await sample(circle, { preset: three, count: 4000, seed: 5 });
    const judge = { ...plane, hash: "three", reference: featureStatistics(Float32Array.from(data), 2) };
    const found = await tunePreset(circle, { ...small, judge, presets: [three] });
    const { solver, steps, grid } = three;
    expect(found).toMatchObject({ nfe: 3, solver, steps, grid });
    expect(found.tuning!.cost.modelRows).toBeLessThanOrEqual(found.tuning!.budget);
    const [winner, ...others] = found.tuning!.finalists;
    expect(winner).toMatchObject({ nfe: 3, origin: "dpm-solver++-2m of a preset" });
    expect(others.every(({ nfe }) => nfe === 5)).toBe(true);
  });

  it("take part where the error decides, and lose where more calls come nearer", async () => {
    const found = await tunePreset(circle, { ...small, presets: [three] });
    expect(found.nfe).toBe(5);
    expect(found.tuning!.finalists).toContainEqual(expect.objectContaining({ nfe: 3 }));
  });

  it("stay up to the last round, however bad their first samples are", async () => {
    const bad = [1, 2, 3].map((last) => ({ ...three, grid: { sigma: [60, 40, 20, last] } }));
    const budget = { rows: 20_000 };
    const { tuning } = await tunePreset(circle, { ...small, budget, judge: plane, presets: [...bad, three] });
    expect(tuning!.finalists.filter(({ nfe }) => nfe === 3)).toHaveLength(4);
    expect(tuning!.cost.modelRows).toBeLessThanOrEqual(budget.rows);
  });

  it("count in what the smallest search costs: less is refused before any model call, as much suffices", async () => {
    const presets = Array.from({ length: 20 }, (_, i) => ({
      ...three,
      grid: { sigma: [60, 4, 0.5, 0.1 + i / 100] },
    }));
    for (const judge of [plane, undefined]) {
      const options = { ...small, ...(judge ? { judge } : {}) };
      const least = async (denoiser: Denoiser, given: readonly Preset[]) => {
        const refused = tunePreset(denoiser, { ...options, presets: given, budget: { rows: 10 } });
        const { code, message } = await refused.catch((error) => error);
        expect(code).toBe("INVALID_ARGUMENT");
        return Number(/at least (\d+) model rows/.exec(message)?.[1]);
      };
      const uncalled: Denoiser = { ...circle, evaluate: () => Promise.reject(new Error("called")) };
      const rows = await least(uncalled, presets);
      expect(rows).toBeGreaterThan(await least(uncalled, []));
      const { tuning } = await tunePreset(circle, { ...options, presets, budget: { rows } });
      expect(tuning!.cost.modelRows).toBeLessThanOrEqual(rows);
      expect(tuning!.finalists.length).toBeGreaterThan(20);
    }
  });

  it("are looked at before any model call", async () => {
    const uncalled: Denoiser = { ...circle, evaluate: () => Promise.reject(new Error("called")) };
    for (const [changed, code, message] of [
      [{ model: { name: "another" } }, "MODEL_MISMATCH", /^presets\.1: model: .*another/],
      [{ guidance: 2 }, "INVALID_ARGUMENT", /^presets\.1: guidance: .* for guidance 2, the search for 1/],
      [{ grid: "edm" }, "INVALID_ARGUMENT", /^presets\.1: grid: expected explicit noise levels/],
      [{ grid: { sigma: [1, 2, 3, 4] } }, "INVALID_ARGUMENT", /^presets\.1: grid/],
      [
        { steps: 6, grid: { sigma: [60, 8, 4, 2, 1, 0.5, 0.1] } },
        "INVALID_ARGUMENT",
        /at most 5 calls, .* 6/,
      ],
      [{ solver: { name: "unknown" } }, "UNKNOWN_NAME", /^presets\.1: solver/],
      [{ solver: { name: "ddpm" } }, "INVALID_ARGUMENT", /^presets\.1: solver: .*cannot be tuned/],
      [{ kind: "iia" }, "INVALID_ARGUMENT", /^presets\.1\.kind/],
    ] as const) {
      const presets = [three, { ...three, ...changed } as Preset];
      const refused = tunePreset(uncalled, { ...small, presets });
      await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    }
  });
});
