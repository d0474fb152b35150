import { describe, expect, it } from "vitest";
import { LookBack } from "../../lib/calibrate/iia/look-back.js";
import { findIiaMember } from "../../lib/calibrate/index.js";
import { beginRun, Evaluator, resolveRequest, VectorPool } from "../../lib/engine/index.js";
import type { Vector } from "../../lib/native/index.js";
import { adjusted, LookAhead, type Run, type Step } from "../../lib/solver/index.js";
import { type Case, cases, steps } from "./cases.js";

/** A run of the base's grid whose steps somebody else takes. */
function begin({ denoiser, grid, solver }: Case) {
  const { name, ...given } = typeof solver === "string" ? { name: solver } : solver;
  const member = findIiaMember(name);
  const options = member.options.parse(given);
  const base = { name: member.base.name, ...(member.name.startsWith("iia:") ? given : {}) };
  const request = resolveRequest(denoiser, {
    solver: base,
    steps,
    grid,
    count: 3,
    seed: 5,
    dtype: "float64",
  });
  const vector = (): Vector => new Float64Array(request.rows * 8).fill(Number.NaN);
  const run = beginRun(new Evaluator(denoiser, new VectorPool()), request, vector);
  return { run, vector, formStep: member.start(run, options), history: member.history(options) };
}

/** Coefficients unlike one another; one in five is zero. */
const phi = ({ index }: Step, j: number) => ((7 * index + 3 * j) % 5) * 0.004 * (j % 2 === 0 ? 1 : -1);

/** Every quantity of every step by itself. Returns the states after each step, and each step's coefficients. */
async function oneByOne(one: Case) {
  const { run, vector, formStep, history } = begin(one);
  const lookBack = new LookBack(run, history, vector);
  const coefficients: number[][] = [];
  const states: number[][] = [];
  for (const step of run.steps) {
    const form = await formStep(step, run.x);
    const quantities = lookBack.complete(form);
    coefficients.push(quantities.map((_, j) => phi(step, j)));
    const terms = adjusted({ ...form, quantities }, coefficients.at(-1)!);
    lookBack.pass(step, form, () => {
      if (terms.length > 0) run.combine(run.x, ...terms);
    });
    states.push([...(run.x as Float64Array)]);
  }
  return { coefficients, states };
}

async function asDrawn(one: Case, coefficients: readonly (readonly number[])[]) {
  const { run, formStep, history } = begin(one);
  const lookAhead = new LookAhead(run, coefficients, history);
  const states: number[][] = [];
  let x: Run["x"] = run.x;
  for (const step of run.steps) {
    x = lookAhead.take(x, step, await formStep(step, x));
    states.push([...(x as Float64Array)]);
  }
  return states;
}

describe("a draw adds up what is to come, and steps as if it had kept every quantity", () => {
  it.each(cases.map((one) => [JSON.stringify(one.solver), one] as const))("%s", async (_, one) => {
    const { coefficients, states } = await oneByOne(one);
    expect(coefficients.flat().some((value) => value !== 0)).toBe(true);
    const drawn = await asDrawn(one, coefficients);
    for (const [i, state] of states.entries()) {
      const largest = Math.max(...state.map(Math.abs));
      for (const [k, value] of state.entries())
        expect(Math.abs(drawn[i]![k]! - value)).toBeLessThan(1e-11 * largest);
    }
  });
});
