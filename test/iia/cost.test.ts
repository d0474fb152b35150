import { describe, expect, it } from "vitest";
import { calibrateIia, findIiaMember } from "../../lib/calibrate/index.js";
import { beginRun, Evaluator, resolveRequest, type Streams, VectorPool } from "../../lib/engine/index.js";
import type { SampleRequest } from "../../lib/index.js";
import type { Vector } from "../../lib/native/index.js";
import { type Case, cases, steps } from "./cases.js";

/** Vectors held beyond the base's, by member: at most one for each step looked back. */
const more: Readonly<Record<string, number>> = {
  '"iia-ddim"': 1,
  '{"name":"iia-ddim","quantities":1}': 1,
  '"iia-ddim-guided"': 0,
  '"iia-dpm-solver++-2m"': 0,
  // The base holds the input of its second evaluation apart.
  '{"name":"biia-edm","history":0}': -1,
  '{"name":"biia-edm","history":1}': 0,
  '{"name":"biia-edm","history":2}': 1,
  '{"name":"iia-edm","history":0}': -1,
  '{"name":"iia-edm","history":1}': 0,
  '{"name":"iia-edm","history":2}': 1,
  // The base has two to spare.
  '"iia-spndm"': -1,
  '"iia-ipndm"': 1,
  '{"name":"unipc","order":3}': 0,
  '"dpm-solver++-3m"': 0,
};

/** The model calls and passes through memory of a draw in their order, what the passes moved, and the vectors held. */
async function cost(denoiser: Case["denoiser"], asked: SampleRequest) {
  const request = resolveRequest(denoiser, { ...asked, steps, count: 3, dtype: "float64" });
  const events: string[] = [];
  const moved: Streams[] = [];
  let vectors = 0;
  const take = (): Vector => {
    vectors++;
    return new Float64Array(request.rows * 8);
  };
  const run = beginRun(new Evaluator(denoiser, new VectorPool()), request, take, (streams) => {
    events.push("pass");
    moved.push(...streams);
  });
  const counted =
    (evaluate: typeof run.data): typeof run.data =>
    async (...given) => {
      await evaluate(...given);
      events.push("model call");
    };
  const watched = { ...run, data: counted(run.data), noise: counted(run.noise) };
  for await (const _ of request.solver.sample(watched, request.options));
  run.fill(take(), 0); // what waits is done before
  const streams = moved.reduce((sum, { reads, writes }) => sum + reads + writes, 0);
  return { events, streams, vectors };
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
    expect(improved.events).toEqual(base.events);
    expect(improved.vectors - base.vectors).toBe(more[name]);
    const lookedBack = member.history(member.options.parse(options));
    expect(improved.vectors - base.vectors).toBeLessThanOrEqual(lookedBack);
    // The sum for a later step is read and written.
    expect(improved.streams - base.streams).toBeLessThanOrEqual(2 * lookedBack * steps);
  });
});
