import { expect, test } from "vitest";
import {
  calibrateIia,
  Engine,
  evaluate,
  findMetric,
  findSolver,
  fromSchedulerConfig,
  functionDenoiser,
  gaussianMixture,
  gridMaker,
  imagesInMemory,
  measureNoiseEnergy,
  measureRisk,
  readJson,
  sample,
  sampleShards,
  sampleSteps,
  selfSource,
  tuneLas,
  tunePreset,
  vpLinear,
} from "../../lib/index.js";

/** What a program without types may pass. */
const any = (value: unknown) => value as never;

let calls = 0;
const model = functionDenoiser({
  process: vpLinear({}),
  prediction: "sample",
  shape: [2],
  evaluate: ({ output }) => {
    calls++;
    output.fill(0);
  },
});
const first = async (request: unknown) => sampleSteps(model, any(request)).next();

test.each<[string, string, () => unknown]>([
  ["a path for a model", "denoiser", () => sample(any("models/digits"), {})],
  ["no model", "denoiser", () => sample(any(undefined), {})],
  ["a model without a process", "denoiser.process", () => sample(any({ ...model, process: undefined }))],
  ["a model that does nothing", "denoiser.evaluate", () => sample(any({ ...model, evaluate: 4 }))],
  ["a request that is null", "request", () => sample(model, any(null))],
  ["steps of a request that is null", "request", () => first(null)],
  ["an engine's request that is null", "request", () => new Engine(model).sample(any(null))],
  ["a stream's request that is null", "request", () => new Engine(model).stream(any(null)).next()],
  ["noise", "noise", () => sample(model, { noise: any(5) })],
  ["noise that is a function", "noise", () => sample(model, { noise: any(() => 0) })],
  ["noise that is an array", "noise", () => sample(model, { noise: any(new Float32Array(2)) })],
  ["onStep", "onStep", () => sample(model, { onStep: any(5) })],
  ["signal", "signal", () => sample(model, { signal: any(5) })],
  ["an engine's signal", "signal", () => new Engine(model).sample({}, { signal: any(5) })],
  ["initial", "initial", () => sample(model, { initial: any(5) })],
  ["an engine of a path", "denoiser", () => new Engine(any("models/digits"))],
  ["a spawned engine of a path", "options", () => Engine.spawn(any("models/digits"))],
  ["no time for a call", "callTimeout", () => Engine.spawn({ model: "absent", callTimeout: 0 })],
  ["a spawned engine of nothing", "model", () => Engine.spawn(any({}))],
  ["an evaluation of nothing", "plan", () => evaluate(model, any(undefined))],
  ["an evaluation that is kept nowhere", "out", () => evaluate(model, any({}))],
  ["shards of nothing", "job", () => sampleShards(new Engine(model), any(undefined))],
  ["shards in no folder", "folder", () => sampleShards(new Engine(model), any({ request: {}, model }))],
  ["a grid that is none", "grid", async () => gridMaker(model.process, any(undefined))],
  ["a solver that is no name", "solver", async () => findSolver(any(5))],
  ["a metric that is no name", "metric", async () => findMetric(any(undefined))],
  ["IIA without options", "options", () => calibrateIia(model, any(undefined))],
  ["IIA without a solver", "solver", () => calibrateIia(model, any({ steps: 4 }))],
  ["risk without images", "source", () => measureRisk(model, any({}))],
  [
    "more trajectories than can be",
    "samples",
    () => calibrateIia(model, { solver: "ddim", steps: 2, samples: 1e12 }),
  ],
  ["images that are a list", "data", () => imagesInMemory(any([1, 2]), 2, "two")],
  ["noise energy of nothing", "options", () => measureNoiseEnergy(model, any(undefined))],
  ["LAS on no risk curve", "risk", () => tuneLas(model, any(undefined), any({ samples: 4 }))],
  ["risk of no model", "denoiser", () => measureRisk(any(null), any({}))],
  ["tuning without options", "options", () => tunePreset(model, any(undefined))],
  ["an engine's options", "options", () => new Engine(model, any(5))],
  ["options of an engine's request", "options", () => new Engine(model).sample({}, any("soon"))],
  ["options of closing an engine", "options", () => new Engine(model).close(any(null))],
  ["onTick", "onTick", async () => new Engine(model, { onTick: any(5) })],
  ["aroundCall", "aroundCall", async () => new Engine(model, { aroundCall: any("x") })],
  ["a drain that is no boolean", "drain", () => new Engine(model).close({ drain: any("no") })],
  ["onProgress", "onProgress", () => new Engine(model).sample({}, { onProgress: any(5) })],
  ["a deadline that is no number", "deadline", () => new Engine(model).sample({}, { deadline: NaN })],
  ["a deadline that never comes", "deadline", () => new Engine(model).sample({}, { deadline: Infinity })],
  ["a deadline in words", "deadline", () => new Engine(model).sample({}, { deadline: any("soon") })],
  ["a date that is none", "deadline", () => new Engine(model).sample({}, { deadline: new Date("soon") })],
  ["a budget without its unit", "budget", () => tunePreset(model, { nfe: 6, budget: any(3000) })],
  ["a budget of nothing", "budget", () => tunePreset(model, { nfe: 6, budget: any({}) })],
  ["a budget of minutes", "budget", () => tunePreset(model, { nfe: 6, budget: any({ minutes: 3 }) })],
  ["a budget of words", "budget", () => tunePreset(model, { nfe: 6, budget: { rows: any("many") } })],
  ["a scheduler that is null", "config", () => fromSchedulerConfig(any(null), 4)],
  ["a file without its schema", "schema", () => readJson("package.json", any(undefined))],
])("%s is refused at %s", async (_, where, call) => {
  calls = 0;
  await expect((async () => call())()).rejects.toMatchObject({
    name: "QuenchError",
    code: "INVALID_ARGUMENT",
    where,
  });
  expect(calls).toBe(0);
});

const images = imagesInMemory(new Float32Array(4), 2, "two");
const risk = any({});
test.each<[string, string, string, () => unknown]>([
  ["an engine's", "maxBatsh", "maxBatch", () => new Engine(model, any({ maxBatsh: 3 }))],
  ["a spawned engine's", "sesions", "sessions", () => Engine.spawn(any({ model: "absent", sesions: 1 }))],
  ["a request's", "dedline", "deadline", () => new Engine(model).sample({}, any({ dedline: 1 }))],
  ["closing an engine's", "drian", "drain", () => new Engine(model).close(any({ drian: false }))],
  ["a stream's", "onProgres", "onProgress", () => new Engine(model).stream({}, any({ onProgres: 1 })).next()],
  ["IIA's", "sample", "samples", () => calibrateIia(model, any({ solver: "ddim", steps: 4, sample: 8 }))],
  ["tuning's", "budgett", "budget", () => tunePreset(model, any({ nfe: 6, budgett: { rows: 9 } }))],
  ["risk's", "level", "levels", () => measureRisk(model, images, any({ level: 2 }))],
  ["a source's", "counts", "count", () => selfSource(model, any({ counts: 2 }))],
  ["LAS's", "axis", "axes", () => tuneLas(model, risk, any({ axis: [1] }))],
])("%s option %s is refused for %s", async (_, name, meant, call) => {
  calls = 0;
  await expect((async () => call())()).rejects.toMatchObject({
    name: "QuenchError",
    code: "UNKNOWN_NAME",
    where: "options",
    message: expect.stringContaining(`unknown option "${name}"; did you mean "${meant}"?`),
  });
  expect(calls).toBe(0);
});

test.each<[object, string]>([
  [{ module: "absent", exprot: "a" }, "export"],
  [{ path: "absent", option: {} }, "options"],
])("where a spawned engine's model comes from: %j is refused for %s", async (source, meant) => {
  await expect(Engine.spawn({ model: any(source) })).rejects.toMatchObject({
    code: "UNKNOWN_NAME",
    where: "model",
    message: expect.stringContaining(`did you mean "${meant}"?`),
  });
});

test("what a program passes right is used", async () => {
  const mixture = gaussianMixture({
    weights: [1],
    means: [[0]],
    stds: [1],
    shape: [1],
    process: vpLinear({}),
  });
  const { signal } = new AbortController();
  const steps: number[] = [];
  const onStep = ({ index }: { readonly index: number }) => void steps.push(index);
  const draw = (noise: number, initial: number) => {
    const fill = (into: Float32Array) => void into.fill(noise);
    const solver = { name: "ddim", eta: 1 };
    return sample(mixture, { solver, steps: 2, noise: any({ fill }), initial: [initial], signal, onStep });
  };
  const [{ data: a }, { data: b }, { data: c }] = [
    await draw(1, 0.5),
    await draw(2, 0.5),
    await draw(1, 0.7),
  ];
  expect(new Set([a[0], b[0], c[0]]).size).toBe(3);
  expect(steps.length).toBe(6);
});
