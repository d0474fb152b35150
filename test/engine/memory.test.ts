import { afterEach, describe, expect, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { Engine, type SpawnedEngine, type SpawnOptions } from "../../dist/index.js";
import { findSolver } from "../../lib/solver/index.js";

const module = new URL("../fixtures/denoisers/faulty.mjs", import.meta.url).href;
const rowBytes = 8 * 4; // float32 samples of [2, 2, 2]
const maxBatch = 8;
const open: SpawnedEngine[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((engine) => engine.close({ drain: false })));
});

/** The most bytes of vectors that a spawned engine's workers held for these requests, all of one solver. */
async function peak(
  solver: string,
  { requests, count }: { readonly requests: number; readonly count: number },
  options: Partial<SpawnOptions> = {},
): Promise<number> {
  const engine = await Engine.spawn({ model: { module }, maxBatch, ...options });
  open.push(engine);
  await Promise.all(
    Array.from({ length: requests }, (_, seed) => engine.sample({ count, steps: 6, seed, solver })),
  );
  await engine.close();
  const { vectorBytes, peakVectorBytes } = engine.stats();
  expect(vectorBytes).toBe(0);
  return peakVectorBytes;
}

function vectorsOf(name: string): number {
  const solver = findSolver(name);
  return solver.vectors(solver.options.parse({}), 6);
}

describe("a spawned engine holds rows × row bytes × (vectors of the solver + the state)", () => {
  test("for one request, exactly", async () => {
    const count = 5;
    await Promise.all(
      ["dpm-solver++-2m", "unipc", "evodiff", "edm-heun"].map(async (solver) => {
        const held = await peak(solver, { requests: 1, count });
        expect([solver, held]).toEqual([solver, count * rowBytes * (vectorsOf(solver) + 1)]);
      }),
    );
  });

  test.each([
    { isolation: "thread", sessions: 2 },
    { isolation: "process", sessions: 1 },
  ] as const)("for those of many that run, in $sessions × $isolation", async (options) => {
    const count = 3;
    // Requests begin until they fill the largest call; the last one may be spread over two calls.
    const running = count * Math.ceil(maxBatch / count);
    for (const solver of ["unipc", "evodiff"]) {
      const held = await peak(solver, { requests: 30, count }, options);
      const most = rowBytes * (running * (vectorsOf(solver) + 1) + count);
      expect(held).toBeLessThanOrEqual(options.sessions * most);
      expect(held).toBeGreaterThan(rowBytes * running * 2);
    }
  });
});
