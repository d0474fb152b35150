import { describe, expect, it } from "vitest";
import { calibrateIia, findIiaMember } from "../../lib/calibrate/index.js";
import {
  Evaluator,
  type ResolvedRequest,
  resolveRequest,
  runRequest,
  type SampleRequest,
  VectorPool,
} from "../../lib/index.js";
import type { Run } from "../../lib/solver/index.js";
import { type Case, cases, steps } from "./cases.js";

/** Vectors held beyond the base's, by member. */
const more: Readonly<Record<string, number>> = {
  '"iia-ddim"': 2,
  '{"name":"iia-ddim","quantities":1}': 1,
  '"iia-ddim-guided"': 0,
  '"iia-dpm-solver++-2m"': 0,
  '{"name":"biia-edm","history":0}': -1,
  '{"name":"biia-edm","history":1}': 1,
  '{"name":"biia-edm","history":2}': 3,
  '{"name":"iia-edm","history":0}': -1,
  '{"name":"iia-edm","history":1}': 1,
  '{"name":"iia-edm","history":2}': 3,
  '"iia-spndm"': 0,
  '"iia-ipndm"': 2,
  '{"name":"unipc","order":3}': 0,
  '"dpm-solver++-3m"': 0,
};

/** What a solver does in each step to whole vectors, and how many of them it took. */
async function cost(denoiser: Case["denoiser"], asked: SampleRequest) {
  const perStep: string[][] = [];
  const request = resolveRequest(denoiser, { ...asked, steps, count: 3, dtype: "float64" });
  const solver: ResolvedRequest["solver"] = {
    ...request.solver,
    async *sample(run, options) {
      let passes: string[] = [];
      const counted = <Given extends unknown[], Result>(name: string, call: (...given: Given) => Result) => {
        return (...given: Given): Result => {
          passes.push(name);
          return call(...given);
        };
      };
      const watched: Run = {
        ...run,
        data: counted("model", run.data),
        unthresholded: counted("model", run.unthresholded),
        noise: counted("model", run.noise),
        combine: counted("combine", run.combine),
        gram: counted("gram", run.gram),
        fill: counted("fill", run.fill),
        scaledErrors: counted("scaledErrors", run.scaledErrors),
      };
      for await (const step of request.solver.sample(watched, options)) {
        perStep.push(passes);
        passes = [];
        yield step;
      }
    },
  };
  const pool = new VectorPool();
  await runRequest(new Evaluator(denoiser, pool), { ...request, solver });
  return { perStep, vectors: pool.statistics.allocations };
}

describe("what a draw with coefficients costs", () => {
  it.each(cases.map((one) => [JSON.stringify(one.solver), one] as const))("%s", async (name, one) => {
    const { denoiser, grid, solver } = one;
    const coefficients = await calibrateIia(denoiser, { solver, grid, steps, samples: 8 });
    expect(coefficients.steps.some((step) => step.coefficients.some((phi) => phi !== 0))).toBe(true);
    const member = findIiaMember(coefficients.solver.name);
    const { name: _, ...options } = coefficients.solver;
    const given = member.name === `iia:${member.base.name}` ? options : {};
    const base = await cost(denoiser, { solver: { name: member.base.name, ...given }, grid });
    const improved = await cost(denoiser, { solver: { ...coefficients.solver, coefficients }, grid });
    expect(improved.perStep).toEqual(base.perStep);
    expect(improved.vectors - base.vectors).toBe(more[name]);
  });
});
