import { describe, expect, it } from "vitest";
import { QuenchError } from "../../lib/errors.js";
import { edm } from "../../lib/process/index.js";
import {
  gridMaker,
  type LasOptions,
  lossAdaptiveSchedule,
  type RiskArtifact,
} from "../../lib/schedule/index.js";
import { geometric, random } from "./support.js";

/** J of a grid that is a subset of the artifact's levels, written down from the definition. */
function objective({ sigma, risk }: RiskArtifact, grid: readonly number[], options: LasOptions): number {
  const { smoothness = 0, exponent = 2, axis = 10 } = options;
  const axisOf = (s: number) => (axis === "inf" ? s ** -2 : s ** -2 / (1 + s ** -2 / axis));
  const riskOf = (s: number) => risk[sigma.indexOf(s)]!;
  const steps = grid.slice(1).map((s, k) => Math.log(s ** -2) - Math.log(grid[k]! ** -2));
  const first = grid
    .slice(1)
    .reduce((sum, s, k) => sum + riskOf(grid[k]!) * (axisOf(s) - axisOf(grid[k]!)), 0);
  const second = steps.slice(1).reduce((sum, h, k) => sum + Math.abs(h - steps[k]!) ** exponent, 0);
  return first + smoothness * second;
}

/** The least J over all grids of N steps between the outermost levels. */
function bruteForce(artifact: RiskArtifact, steps: number, options: LasOptions): number {
  const levels = [...artifact.sigma].reverse();
  let best = Infinity;
  const extend = (grid: number[], next: number) => {
    if (grid.length === steps) {
      best = Math.min(best, objective(artifact, [...grid, levels.at(-1)!], options));
      return;
    }
    for (let i = next; i < levels.length - (steps - grid.length); i++) extend([...grid, levels[i]!], i + 1);
  };
  extend([levels[0]!], 1);
  return best;
}

type Kind = "increasing" | "not monotone" | "adversarial";

function instance(kind: Kind, seed: number, count: number): RiskArtifact {
  const draw = random(seed);
  const steps = Array.from({ length: count }, () => 0.1 + draw());
  const sigma = steps.map((_, i) => Math.exp(0.5 * steps.slice(0, i).reduce((a, b) => a + b, -2)));
  const rises = Array.from({ length: count }, () => draw());
  const risk = {
    increasing: () => rises.map((_, i) => rises.slice(0, i + 1).reduce((a, b) => a + b, 0)),
    "not monotone": () => rises,
    // Equal values, zeros and orders of magnitude between neighbours.
    adversarial: () =>
      rises.map((r, i) => (r < 0.3 ? 0 : r < 0.6 ? 1 : 10 ** (6 * draw() - 3)) + (i === 0 ? 1 : 0)),
  }[kind]();
  return { kind: "risk", sigma, risk };
}

const kinds: readonly Kind[] = ["increasing", "not monotone", "adversarial"];
const instances = kinds.flatMap((kind) => [1, 2, 3, 4, 5, 6].map((seed) => ({ kind, seed })));

describe("against all grids", () => {
  it.each(instances)("smoothness 0, $kind $seed: plain and exact", async ({ kind, seed }) => {
    const artifact = instance(kind, seed, 9);
    for (const steps of [1, 2, 4, 7, 8]) {
      for (const axis of ["inf", 2] as const) {
        const best = bruteForce(artifact, steps, { axis });
        for (const search of ["plain", "exact"] as const) {
          const found = await lossAdaptiveSchedule(artifact, steps, { axis, search });
          expect(found.sigma).toHaveLength(steps + 1);
          expect([found.sigma[0], found.sigma.at(-1)]).toEqual([artifact.sigma.at(-1), artifact.sigma[0]]);
          expect(Math.abs(found.objective - best)).toBeLessThanOrEqual(1e-12 * best);
          expect(Math.abs(objective(artifact, found.sigma, { axis }) - best)).toBeLessThanOrEqual(
            1e-12 * best,
          );
        }
      }
    }
  });

  it.each(instances)(
    "smoothness above 0, $kind $seed: exact, and the beam is no better",
    async ({ kind, seed }) => {
      const artifact = instance(kind, seed + 100, 8);
      for (const exponent of [1, 1.5, 2, 3]) {
        for (const smoothness of [1e-3, 0.3, 40]) {
          for (const steps of [1, 2, 3, 5, 7]) {
            const options = { smoothness, exponent, axis: 3 };
            const best = bruteForce(artifact, steps, options);
            const found = await lossAdaptiveSchedule(artifact, steps, options);
            expect(Math.abs(found.objective - best)).toBeLessThanOrEqual(1e-11 * best);
            expect(Math.abs(objective(artifact, found.sigma, options) - best)).toBeLessThanOrEqual(
              1e-11 * best,
            );
            const beam = await lossAdaptiveSchedule(artifact, steps, { ...options, search: "beam" });
            expect(beam.objective).toBeGreaterThanOrEqual(best * (1 - 1e-11));
          }
        }
      }
    },
  );
});

describe("large problems", () => {
  it.each([1, 2, 3])("plain and exact agree on 400 levels (%i)", async (seed) => {
    for (const kind of kinds) {
      const draw = random(seed);
      const sigma = geometric(0.002, 80, 400);
      const { risk } = instance(kind, seed, 400);
      const artifact: RiskArtifact = { kind: "risk", sigma, risk: risk.map((r) => r * (1 + draw())) };
      for (const steps of [3, 20, 60]) {
        const plain = await lossAdaptiveSchedule(artifact, steps, { search: "plain" });
        const exact = await lossAdaptiveSchedule(artifact, steps);
        expect(Math.abs(exact.objective - plain.objective)).toBeLessThanOrEqual(1e-12 * plain.objective);
      }
    }
  });

  it("a wide beam finds the optimum of a smooth risk", async () => {
    const sigma = geometric(0.01, 50, 48);
    const artifact: RiskArtifact = { kind: "risk", sigma, risk: sigma.map((s) => (s * s) / (1 + s * s)) };
    const options = { smoothness: 0.1, axis: 10 };
    const exact = await lossAdaptiveSchedule(artifact, 8, options);
    const beam = await lossAdaptiveSchedule(artifact, 8, {
      ...options,
      search: "beam",
      beam: { width: 64, radius: 48, globals: 0 },
    });
    expect(beam.objective / exact.objective).toBeLessThan(1 + 1e-9);
  });
});

describe("known optima", () => {
  const sigma = geometric(0.01, 100, 61);

  it("a risk as 1/SNR gives equal steps in log-SNR", async () => {
    const artifact: RiskArtifact = { kind: "risk", sigma, risk: sigma.map((s) => s * s) };
    for (const smoothness of [0, 0.5]) {
      const found = await lossAdaptiveSchedule(artifact, 6, { smoothness, axis: "inf" });
      found.sigma.forEach((s, k) => {
        expect(s).toBe(sigma[60 - 10 * k]);
      });
    }
  });

  it("a constant risk leaves only the smoothness to decide, which wants equal steps", async () => {
    const artifact: RiskArtifact = { kind: "risk", sigma, risk: sigma.map(() => 2) };
    const plain = await lossAdaptiveSchedule(artifact, 5, { axis: 1 });
    const axisOf = (s: number) => s ** -2 / (1 + s ** -2);
    expect(plain.objective).toBeCloseTo(2 * (axisOf(0.01) - axisOf(100)), 12);
    const smooth = await lossAdaptiveSchedule(artifact, 5, { axis: 1, smoothness: 1e-3 });
    expect(smooth.sigma).toEqual([60, 48, 36, 24, 12, 0].map((i) => sigma[i]));
  });
});

describe("options", () => {
  const sigma = geometric(0.002, 80, 40);
  const artifact: RiskArtifact = {
    kind: "risk",
    sigma,
    risk: sigma.map((s) => (s * s) / (1 + s * s)),
    dataVariance: 0.5,
  };

  it("keeps within a range and interpolates candidates", async () => {
    const measured = await lossAdaptiveSchedule(artifact, 4, { sigmaMin: 0.1, sigmaMax: 10 });
    const inside = sigma.filter((s) => s >= 0.1 && s <= 10);
    expect([measured.sigma[0], measured.sigma.at(-1)]).toEqual([inside.at(-1), inside[0]]);
    const fine = await lossAdaptiveSchedule(artifact, 4, { sigmaMin: 0.1, sigmaMax: 10, candidates: 2000 });
    expect([fine.sigma[0], fine.sigma.at(-1)]).toEqual([10, 0.1]);
    expect(fine.search.candidates).toBe(2000);
    const coarse = await lossAdaptiveSchedule(artifact, 4, { sigmaMin: 0.1, sigmaMax: 10, candidates: 51 });
    expect(fine.objective).toBeLessThanOrEqual(coarse.objective);
  });

  it("limits the risk to the data variance unless told not to", async () => {
    const limited = await lossAdaptiveSchedule(artifact, 6);
    const raw = await lossAdaptiveSchedule(artifact, 6, { ceiling: false });
    expect(limited.search.ceiling).toBe(0.5);
    expect(raw.search.ceiling).toBe(null);
    expect(limited.objective).toBeLessThan(raw.objective);
  });

  it("is the same grid in a sample request", async () => {
    const options = { smoothness: 0.2, exponent: 1.5, axis: 5 } as const;
    const { sigma: found } = await lossAdaptiveSchedule(artifact, 7, options);
    const grid = gridMaker(edm(), { schedule: "las", risk: artifact, ...options })(7);
    grid.levels.forEach(({ t }, k) => {
      expect(t).toBeCloseTo(found[k]!, 10);
    });
  });

  it.each([
    [{ smoothness: -1 }, "smoothness"],
    [{ smoothness: Number.NaN }, "smoothness"],
    [{ exponent: 0.5 }, "exponent"],
    [{ axis: 0 }, "axis"],
    [{ search: "beam", smoothness: 1, beam: { width: 0 } }, "beam.width"],
    [{ search: "beam", smoothness: 1, beam: { radius: 1.5 } }, "beam.radius"],
    [{ search: "beam", smoothness: 1, beam: { globals: 2 ** 21 } }, "beam.globals"],
    [{ candidates: 1 }, "candidates"],
    [{ search: "plain", smoothness: 1 }, "search"],
    [{ sigmaMin: 3, sigmaMax: 2 }, "sigmaMin"],
    [{ sigmaMin: 1, sigmaMax: 1.1 }, "steps"],
    [{ candidates: 60_000, smoothness: 1 }, "candidates"],
  ] as const)("refuses %j", async (options, where) => {
    const failure = await lossAdaptiveSchedule(artifact, 6, options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(QuenchError);
    expect(failure).toMatchObject({ code: "INVALID_ARGUMENT", where });
  });

  it("refuses more steps than candidates allow", async () => {
    const failure = await lossAdaptiveSchedule(artifact, 40).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "INVALID_ARGUMENT", where: "steps" });
    expect((await lossAdaptiveSchedule(artifact, 39)).sigma).toEqual([...sigma].reverse());
  });

  it("stops when aborted", async () => {
    const controller = new AbortController();
    const search = lossAdaptiveSchedule(artifact, 30, {
      smoothness: 1,
      exponent: 1.5,
      candidates: 1500,
      signal: controller.signal,
    });
    setImmediate(() => controller.abort());
    await expect(search).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("keeps a sample request from waiting for a search that is too large", () => {
    const make = gridMaker(edm(), { schedule: "las", risk: artifact, smoothness: 1, candidates: 3000 });
    expect(() => make(50)).toThrow(/lossAdaptiveSchedule/);
  });
});
