import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import {
  defineSolver,
  Engine,
  functionDenoiser,
  type Run,
  type SampleRequest,
  sample,
  sampleSteps,
} from "../../lib/index.js";
import { vpLinear } from "../../lib/process/index.js";
import { parseBody } from "../../lib/server/body.js";
import { sampleShards } from "../../lib/shards/index.js";
import { ddim } from "../../lib/solver/ddim.js";

/** Moves nothing but x by a number per step, so that its options are seen in the samples. */
const shifting = defineSolver({
  name: "shifting",
  title: "Adds a number in every step",
  source: "this test",
  stochastic: false,
  options: z.strictObject({ by: z.number().default(1).describe("what is added") }),
  order: () => 0,
  evaluations: () => 0,
  vectors: () => 1,
  predicts: "data",
  minimumSteps: 2,
  async *sample(run, { by }) {
    const [one] = run.vectors(1);
    run.fill(one, by);
    for (const step of run.steps) {
      run.combine(run.x, [1, run.x], [1, one]);
      yield step;
    }
  },
});

const model = () => {
  let calls = 0;
  const denoiser = functionDenoiser({
    process: vpLinear(),
    prediction: "sample",
    shape: [2],
    evaluate: ({ output }) => {
      calls++;
      output.fill(0);
    },
  });
  return { denoiser, calls: () => calls };
};
const request = (solver: SampleRequest["solver"]): SampleRequest => ({
  ...(solver === undefined ? {} : { solver }),
  steps: 3,
  initial: [0, 10],
  dtype: "float64",
});

describe("a custom solver", () => {
  test("runs in sample, sampleSteps and an engine of this process, with its defaults or with options", async () => {
    const { denoiser } = model();
    expect([...(await sample(denoiser, request(shifting))).data]).toEqual([3, 13]);
    const withOptions = request({ definition: shifting, by: 5 });
    expect([...(await sample(denoiser, withOptions)).data]).toEqual([15, 25]);
    const seen = [];
    for await (const { x } of sampleSteps(denoiser, withOptions)) seen.push([...x()]);
    expect(seen).toEqual([
      [5, 15],
      [10, 20],
      [15, 25],
    ]);
    const engine = new Engine(denoiser);
    expect([...(await engine.sample(withOptions)).data]).toEqual([15, 25]);
    await engine.close();
  });

  test("hides a registered name, and may be a registered definition", async () => {
    const { denoiser } = model();
    const named = { ...shifting, name: "ddim" };
    expect([...(await sample(denoiser, request(named))).data]).toEqual([3, 13]);
    const scheduler = { ...shifting, name: "scheduler" };
    expect([...(await sample(denoiser, request(scheduler))).data]).toEqual([3, 13]);
    const [custom, registered] = await Promise.all([
      sample(denoiser, request({ definition: ddim, eta: 0.5 })),
      sample(denoiser, request({ name: "ddim", eta: 0.5 })),
    ]);
    expect(custom.data).toEqual(registered.data);
  });

  test("has its options, its step count and itself checked before any model call", async () => {
    const { denoiser, calls } = model();
    const refused = (solver: unknown, more: object = {}) =>
      sample(denoiser, { ...request(solver as SampleRequest["solver"]), ...more }).catch((error) => error);
    expect(await refused({ definition: shifting, buy: 5 })).toMatchObject({
      code: "UNKNOWN_NAME",
      message: expect.stringContaining('did you mean "by"'),
    });
    expect(await refused({ definition: shifting, by: "5" })).toMatchObject({ where: "solver.shifting.by" });
    expect(await refused(shifting, { steps: 1 })).toMatchObject({ code: "INVALID_ARGUMENT", where: "steps" });
    for (const broken of [
      { definition: undefined },
      { definition: {} },
      { ...shifting, options: {} },
      { ...shifting, grid: 5 },
      { ...shifting, check: 5 },
    ]) {
      expect(await refused(broken)).toMatchObject({ code: "INVALID_ARGUMENT", where: "solver" });
    }
    expect(calls()).toBe(0);
  });

  test.each([undefined, 1, { index: 0 }])("that yields %j and no step is told so", async (step) => {
    const stepless = {
      ...shifting,
      async *sample() {
        yield step as never;
      },
    };
    await expect(sample(model().denoiser, request(stepless))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "solver",
      message: expect.stringMatching(/"shifting" yielded .*, where a step/),
    });
  });

  test("may leave the state in another vector, but not where its samples run by themselves", async () => {
    const moving = {
      ...shifting,
      async *sample(run: Run, { by }: { by: number }) {
        const [one, other] = run.vectors(2);
        run.fill(one, by);
        for (const [i, step] of run.steps.entries()) {
          const [from, to] = i % 2 === 0 ? [run.x, other] : [other, run.x];
          run.combine(to, [1, from], [1, one]);
          run.moveTo(to);
          yield step;
        }
      },
    };
    expect([...(await sample(model().denoiser, request(moving))).data]).toEqual([3, 13]);
    const perSample = { ...moving, perSample: true };
    await expect(sample(model().denoiser, request(perSample))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "solver",
      message: expect.stringContaining("updates x in place"),
    });
  });

  test("cannot be sent over HTTP, or be written into a folder of shards", async () => {
    const folder = mkdtempSync(join(tmpdir(), "quench-custom-solver-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const stays = { code: "INVALID_ARGUMENT", where: "solver", message: expect.stringContaining("is code") };
    const body = JSON.parse(JSON.stringify({ solver: { definition: shifting } }));
    expect(() => parseBody(body, 64)).toThrow(expect.objectContaining(stays));
    const job = {
      folder,
      request: { ...request(shifting), initial: undefined, count: 4 } as never,
      shard: 2,
      batch: 2,
      model: { name: "zero" },
    };
    await expect(sampleShards(new Engine(model().denoiser), job)).rejects.toMatchObject(stays);
    expect(readdirSync(folder)).toEqual([]);
  });
});
