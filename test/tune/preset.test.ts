import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Preset, presetJsonSchema, type SampleRequest, sample, tunePreset } from "../../lib/index.js";
import { parseBody } from "../../lib/server/body.js";
import type { TunePresetOptions } from "../../lib/tune/index.js";
import { circle, plane, small } from "./worlds.js";

const preset: Preset = {
  kind: "preset",
  version: 1,
  model: { name: "circle8" },
  nfe: 3,
  solver: { name: "ddim" },
  steps: 3,
  grid: { sigma: [80, 4, 0.3, 0] },
};

describe("a request with a preset", () => {
  it("may repeat what the preset says", async () => {
    const { nfe } = await sample(circle, { preset, steps: 3, guidance: 1 });
    expect(nfe).toBe(3);
  });

  it.each<[string, SampleRequest, RegExp]>([
    ["another solver", { preset, solver: "ddim" }, /^solver: the preset brings its own/],
    ["another grid", { preset, grid: "edm" }, /^grid: /],
    ["other steps", { preset, steps: 4 }, /^steps: the preset is for steps 3, asked for 4/],
    ["another guidance", { preset, guidance: 2 }, /^guidance: the preset is for guidance 1, asked for 2/],
    ["thresholding", { preset, thresholding: { type: "clamp", range: [-1, 1] } }, /^thresholding: /],
    ["one more call", { preset, denoiseToZero: true }, /^denoiseToZero: /],
    ["another scale", { preset, initialScale: 3 }, /^initialScale: /],
    ["another model's", { preset: { ...preset, model: { name: "grid8" } } }, /"grid8" .* "circle8"/],
    ["an unknown solver", { preset: { ...preset, solver: { name: "dim" } } }, /unknown solver "dim"/],
    ["a wrong grid", { preset: { ...preset, grid: { sigma: [80, 4, 0] } } }, /2 intervals but 3/],
  ])("is refused with %s", async (_, request, message) => {
    const refused = { ...circle, evaluate: () => Promise.reject(new Error("called")) };
    await expect(sample(refused, request)).rejects.toThrow(message);
  });

  it("cannot name files of a server", () => {
    const solver = { name: "dpm-solver-v3", statistics: "/etc/passwd" };
    expect(() => parseBody({ preset: { ...preset, solver } }, 64)).toThrow(/a file of the server/);
    expect(parseBody({ preset }, 64)).toEqual({ preset });
  });
});

it("schemas/preset.schema.json is current (npm run build:lib && node scripts/build/schemas.mjs)", () => {
  const committed: unknown = JSON.parse(
    readFileSync(new URL("../../schemas/preset.schema.json", import.meta.url), "utf8"),
  );
  expect(committed).toEqual(JSON.parse(JSON.stringify(presetJsonSchema())));
});

describe("a search is refused before any model call", () => {
  const risk = { kind: "risk" as const, sigma: [0.1, 1], risk: [0.1, 1] };
  const sha256 = "a".repeat(64);
  it.each<[string, Partial<TunePresetOptions>, RegExp]>([
    ["without calls", { nfe: 0 }, /^nfe: expected an integer from 1/],
    ["with half a call", { nfe: 2.5 }, /^nfe: /],
    ["with a budget of nothing", { budget: { rows: 0 } }, /^budget: expected .* above 0, received 0$/],
    ["with too small a budget", { budget: { rows: 100 } }, /^budget: expected at least \d+ model rows/],
    ["with batches of nothing", { batch: 0 }, /^batch: /],
    ["without solvers", { solvers: [] }, /^solvers: expected at least one/],
    ["with an unknown solver", { solvers: [{ name: "unpic" }] }, /did you mean "unipc"/],
    ["with an unknown option", { solvers: [{ name: "unipc", oder: 2 }] }, /unknown option .*"oder"/],
    ["with a stochastic solver", { solvers: [{ name: "ddim", eta: 1 }] }, /"ddim" is stochastic/],
    ["with error control", { solvers: [{ name: "dpm-solver-12" }] }, /controls its own error/],
    ["with classes", { labels: [1] }, /^labels: the model "circle8" is not class-conditional/],
    ["with guidance", { guidance: 2 }, /^guidance: /],
    ["with features that are not there", { space: "features" }, /^space: .*feature network/],
    ["with another model's risk", { risk: { ...risk, model: { sha256 } } }, /another|measured on sha256 a+/],
    ["with a risk that is no curve", { risk: { ...risk, risk: [0.1] } }, /^risk\.risk: /],
    ["with a judge of other samples", { judge: { ...plane, shape: [3] } }, /^judge: .* shape \[3\].* \[2\]/],
    ["with a judge by nothing", { judge: { ...plane, reference: undefined as never } }, /^judge: expected/],
    ["with other features' statistics", { judge: { ...plane, dimension: 3 } }, /^judge\.reference: .* 3 /],
    ["with a checkpoint that is no path", { checkpoint: 5 as never }, /^checkpoint: .* received 5$/],
    ["with progress told to nobody", { onProgress: "bar" as never }, /^onProgress: expected a function/],
    ["with nothing to save it", { save: "out.json" as never }, /^save: expected a function/],
    [
      "with a checkpoint in no folder",
      { checkpoint: "/nowhere/checkpoint" },
      /^\/nowhere\/checkpoint: .*folder/,
    ],
  ])("%s", async (_, options, message) => {
    const refused = {
      ...circle,
      hash: "b".repeat(64),
      evaluate: () => Promise.reject(new Error("called")),
    };
    await expect(tunePreset(refused, { ...small, ...options })).rejects.toThrow(message);
  });
});

it("a budget that is too small is told the least that does", async () => {
  const aborted = { ...small, signal: AbortSignal.abort() };
  const run = (rows: number) => tunePreset(circle, { ...aborted, budget: { rows } });
  const message = await run(10).then(String, (error: Error) => error.message);
  const least = Number(/at least (\d+) model rows/.exec(message)![1]);
  await expect(run(least - 1)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where: "budget" });
  await expect(run(least)).rejects.toMatchObject({ code: "ABORTED" });
});
