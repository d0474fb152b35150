import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sampleBench } from "../../lib/bench/sample/sample-bench.js";
import { sessionSweep } from "../../lib/bench/sample/session-sweep.js";

const digits = fileURLToPath(new URL("../../models/digits", import.meta.url));

describe("bench sample", () => {
  it("splits a draw's time, beside a loop of as many model calls", async () => {
    const bench = await sampleBench({
      models: [digits],
      solvers: ["edm-heun"],
      batches: [1, 2],
      steps: 3,
      budget: 0,
      session: { intraOpNumThreads: 1 },
    });
    expect(bench.rows.map(({ model, batch, calls, pairs }) => [model, batch, calls, pairs])).toEqual([
      ["digits", 1, 5, 3],
      ["digits", 2, 5, 3],
    ]);
    for (const { draw, bare, parts, around, write } of bench.rows) {
      for (const time of [draw.median, bare.median, ...Object.values(around), ...Object.values(write)])
        expect(time).toBeGreaterThan(0);
      const { before, between, after } = around;
      expect((before + 4 * between + after) / 1000).toBeLessThan(draw.high);
      expect(parts.model).toBeLessThan(draw.high);
      expect(parts.model).toBeGreaterThan(parts.noise);
    }
    expect(Object.keys(bench).at(-1)).toBe("goals");
    expect(bench.goals.map(({ name, goal }) => [name, goal])).toEqual([
      ["digits: draw of 1 over a bare loop, less 1", "≤ 0.03"],
    ]);
  });

  it("sweeps session options against ONNX Runtime's defaults", async () => {
    const { rows, goals } = await sessionSweep(digits, { 1: 1 }, 1);
    expect(goals).toEqual([]);
    expect(rows.find(({ session }) => Object.keys(session).length === 0)?.overDefaults).toBe(1);
    expect(new Set(rows.map(({ session }) => JSON.stringify(session))).size).toBe(rows.length);
    const order = rows.map(({ overDefaults }) => overDefaults);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });
});
