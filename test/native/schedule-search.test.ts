import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  type ScheduleMethod,
  type ScheduleProblem,
  searchSchedule,
  searchScheduleNow,
} from "../../lib/native/index.js";
import { lossAdaptiveSchedule } from "../../lib/schedule/index.js";

const methods: readonly ScheduleMethod[] = ["plain", "envelope", "second-order", "beam"];
const candidates = 12;

function problem(change: Partial<ScheduleProblem> = {}): ScheduleProblem {
  const each = (of: (k: number) => number) => Float64Array.from({ length: candidates }, (_, k) => of(k));
  return {
    ...{ risk: each((k) => 1 / (1 + k)), axis: each((k) => k), logSnr: each((k) => k / 2) },
    ...{ steps: 4, smoothness: 0.1, exponent: 2 },
    ...change,
  };
}

/** A path from the first candidate to the last. */
function expectPath(nodes: Uint32Array): void {
  expect([nodes[0], nodes.at(-1)]).toEqual([0, candidates - 1]);
  for (const [k, node] of nodes.entries()) if (k > 0) expect(node).toBeGreaterThan(nodes[k - 1]!);
}

describe.each(methods)("a %s search", (method) => {
  it.each([Number.NaN, Infinity, -Infinity])("refuses %s", (bad) => {
    for (const name of ["risk", "axis", "logSnr"] as const) {
      const spoilt = problem();
      spoilt[name][3] = bad;
      expect(() => searchScheduleNow(method, spoilt)).toThrow("Expected finite risk, axis and logSnr");
    }
  });

  it("finds a path where costs overflow", () => {
    const huge = problem({ risk: new Float64Array(candidates).fill(1e308) });
    expectPath(searchScheduleNow(method, huge).nodes);
  });

  it("stops when it is cancelled", async () => {
    // Pairs of candidates are held by the one, and take long.
    const many = method === "second-order" ? 2000 : 20_000;
    const line = Float64Array.from({ length: many }, (_, k) => k);
    const { path, cancel } = searchSchedule(
      method,
      problem({ risk: line, axis: line, logSnr: line, steps: 300 }),
    );
    cancel();
    expect((await path).nodes).toHaveLength(0);
  });
});

it.each([0, 5e-324, Number.NaN])("parabolas need a smoothness that divides, not %s", (smoothness) => {
  expect(() => searchScheduleNow("second-order", problem({ smoothness }))).toThrow(/Expected.*smoothness/);
});

it.each([
  ["risks", { risk: 1e308, sigmaMin: 1e-3 }],
  ["signal-to-noise ratios", { risk: 1, sigmaMin: 1e-160 }],
])("%s whose sums are no numbers are refused before a search", async (_, { risk, sigmaMin }) => {
  const sigma = Array.from({ length: candidates }, (_, k) => sigmaMin * 10 ** k);
  const artifact = { kind: "risk", version: 1, sigma, risk: sigma.map(() => risk) } as const;
  await expect(
    lossAdaptiveSchedule(artifact as never, 4, { axis: "inf", ceiling: null } as never),
  ).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where: "risk" });
});

describe("a search of some minutes is not waited for", () => {
  const begin = `
    import { searchSchedule } from "${new URL("../../dist/native/index.js", import.meta.url)}";
    const line = Float64Array.from({ length: 60_000 }, (_, k) => k);
    searchSchedule("plain", { risk: line, axis: line, logSnr: line, steps: 200, smoothness: 0, exponent: 2 });`;
  const run = (script: string) =>
    spawnSync(process.execPath, ["--input-type=module", "-e", script], { timeout: 30_000 }).status;

  it("by a process that ends", () => {
    expect(run(`${begin} setTimeout(() => process.exit(7), 50);`)).toBe(7);
  });

  it("by a worker that is told to stop", () => {
    const ended = `
      import { Worker } from "node:worker_threads";
      const worker = new Worker(new URL(${JSON.stringify(`data:text/javascript,${encodeURIComponent(`${begin} import { parentPort } from "node:worker_threads"; parentPort.postMessage("begun");`)}`)}));
      worker.once("message", async () => process.exit(await worker.terminate() === 1 ? 7 : 8));`;
    expect(run(ended)).toBe(7);
  });
});
