import { expect, it } from "vitest";
import { minimise, type Residuals } from "../../lib/tune/levenberg-marquardt.js";

/** Rosenbrock's valley as residuals: both are 0 at (1, 1). */
const valley: Residuals = {
  at: async ([x, y]) => (x! > 3 ? undefined : Float32Array.of(10 * (y! - x! * x!), 1 - x!)),
  widths: [1e-3, 1e-3],
  reach: [0.5, 0.5],
};

it("goes down a bent valley with as many evaluations as it says", async () => {
  let evaluations = 0;
  const counted: Residuals = {
    ...valley,
    at: (parameters) => {
      evaluations++;
      return valley.at(parameters);
    },
  };
  const minimum = (await minimise(counted, [-1.2, 1], 200))!;
  expect(minimum.startCost).toBeCloseTo(24.2, 4);
  expect(minimum.cost).toBeLessThan(1e-4);
  expect(minimum.parameters[0]).toBeCloseTo(1, 1);
  expect(minimum.evaluations).toBe(evaluations);
  expect(evaluations).toBeLessThanOrEqual(200);
});

it("solves a linear problem in one step, and stops", async () => {
  const line: Residuals = {
    at: async ([a, b]) => Float32Array.of(2 * a! - 4, a! + b! - 1, b! + 1),
    widths: [0.1, 0.1],
    reach: [9, 9],
  };
  const { parameters, evaluations } = (await minimise(line, [0, 0], 100))!;
  expect(parameters[0]).toBeCloseTo(2, 2);
  expect(parameters[1]).toBeCloseTo(-1, 2);
  expect(evaluations).toBeLessThan(15);
});

it("keeps to the evaluations allowed, and gives nothing where there is nothing", async () => {
  expect((await minimise(valley, [-1.2, 1], 1))!.parameters).toEqual([-1.2, 1]);
  expect((await minimise(valley, [-1.2, 1], 5))!.evaluations).toBeLessThanOrEqual(5);
  expect(await minimise(valley, [4, 0], 50)).toBeUndefined();
});
