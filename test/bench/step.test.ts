import { describe, expect, it } from "vitest";
import { stepBench } from "../../lib/bench/step/step-bench.js";
import { findSolver, solvers } from "../../lib/index.js";

const tiny = { shapes: [[2, 3, 4, 4]], steps: 16, rounds: 1, threads: 1 };
const bench = await stepBench(tiny);
const rowOf = (name: string) => bench.shapes[0]!.rows.find(({ solver }) => solver === name)!;

describe("bench step", () => {
  it("measures every solver, and none allocates a vector while warm", () => {
    const [{ rows }] = bench.shapes as [(typeof bench.shapes)[number]];
    expect(rows.map(({ solver }) => solver)).toEqual([...solvers.keys()]);
    for (const { solver, allocations, nanosecondsPerElement } of rows) {
      expect([solver, allocations]).toEqual([solver, 0]);
      expect(nanosecondsPerElement).toBeGreaterThan(0);
    }
  });

  it("counts the passes over memory that the algorithms make, and no others", () => {
    // What the model emitted is turned into a prediction on the way: in the same pass as the step.
    expect(rowOf("ddim").passes).toBe(4); // what was emitted and x in, ε̂ and x out
    expect(rowOf("dpm-solver++-2m").passes).toBe(5); // and the prediction before in
    expect(rowOf("evodiff").passes).toBe(6); // what was emitted, x and two predictions in, prediction and x out
    expect(rowOf("unipc").passes).toBe(9); // with the state ahead, and two predictions before
    expect(rowOf("dpm-solver-12").passes).toBe(16); // three of them in for the error
    expect(rowOf("ddpm")).toMatchObject({ passes: 6, normals: 1 }); // as DDIM, z in; before it one out
  });

  it("counts the vectors held: as many as the solver declares, and the state", () => {
    for (const { solver, vectorsHeld } of bench.shapes[0]!.rows) {
      const { vectors, options } = findSolver(solver);
      const parsed = options.safeParse({});
      if (parsed.success)
        expect([solver, vectorsHeld]).toEqual([solver, 1 + vectors(parsed.data, tiny.steps)]);
    }
  });

  it("ends with its goals", () => {
    expect(Object.keys(bench).at(-1)).toBe("goals");
    expect(bench.goals.map(({ name }) => name)).toEqual([
      "2x3x4x4: slowest solver over the time of its bytes",
      "2x3x4x4: slowest solver that runs sample by sample over the time of its bytes",
      "2x3x4x4: EVODiff's step without the model over DDIM's",
      "2x3x4x4: vectors allocated by warm runs",
    ]);
    for (const { value, met } of bench.goals) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(typeof met).toBe("boolean");
    }
  });
});
