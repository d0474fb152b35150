import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadModel, type Model, type ModelConfig } from "../../lib/denoiser/index.js";
import { Engine, sample } from "../../lib/index.js";
import { encodeNpy, type NpyArray } from "../../lib/io/index.js";
import { modelFolder, temporaryFolder, told } from "./support.js";

/** A network told the sum of a text of 3 × 2 numbers and of two times, for two prompts and the empty one. */
const text: NpyArray = {
  data: Float32Array.from({ length: 3 * 6 }, (_, i) => (i < 6 ? 0.5 : i < 12 ? -0.25 : 0)),
  shape: [3, 3, 2],
};
const timeIds: NpyArray = { data: BigInt64Array.of(40n, 2n), shape: [1, 2] };
const sums = [3, -1.5, 0];
const config: Partial<ModelConfig> = {
  classes: ["a lighthouse", "a bicycle"],
  nullClass: 2,
  conditions: { encoder_hidden_states: "prompts.npy", time_ids: "time-ids.npy" },
};

async function folderWith(
  fixture: string,
  changes: Partial<ModelConfig>,
  files: Record<string, NpyArray> = { "prompts.npy": text, "time-ids.npy": timeIds },
): Promise<string> {
  const folder = await modelFolder(fixture, changes);
  for (const [name, array] of Object.entries(files)) await writeFile(join(folder, name), encodeNpy(array));
  return folder;
}

async function load(...given: Parameters<typeof folderWith>): Promise<Model> {
  const model = await loadModel(await folderWith(...given));
  onTestFinished(() => model.close());
  return model;
}

/** What the network adds to half of the input, per row. */
async function addedTo(model: Model, labels: number[]): Promise<number[]> {
  const rows = labels.length;
  const output = new Float32Array(rows * 4);
  await model.evaluate({
    rows,
    input: new Float32Array(rows * 4),
    output,
    levels: labels.map(() => told(0)),
    labels: Int32Array.from(labels),
  });
  return Array.from({ length: rows }, (_, row) => output[4 * row]!);
}

test("every row is told what belongs to its label, whatever was asked before", async () => {
  const model = await load("conditioned", config);
  for (const labels of [[0], [1, 0, 2], [2, 2], [0, 1, 0, 1, 2], [1]])
    expect(await addedTo(model, labels)).toEqual(labels.map((label) => 42 + sums[label]!));
});

test("a fixed batch is filled up, labels go in beside", async () => {
  const model = await load("conditioned-fixed-batch", {
    ...config,
    conditions: { encoder_hidden_states: "prompts.npy" },
  });
  for (const labels of [[1], [0, 1, 2, 1, 0, 2]])
    expect(await addedTo(model, labels)).toEqual(labels.map((label) => label + sums[label]!));
});

test.each([
  ["float32", text.data],
  ["float64", Float64Array.from(text.data as Float32Array)],
])("a half-precision network takes %s rows", async (_, data) => {
  const model = await load(
    "conditioned-float16",
    { ...config, conditions: { encoder_hidden_states: "prompts.npy" } },
    { "prompts.npy": { data, shape: text.shape } },
  );
  expect(await addedTo(model, [1, 0])).toEqual([sums[1], sums[0]]);
});

test.each([
  ["conditioned", { time_ids: { shape: [2] } }, { time_ids: Int32Array.of(1, 2) }, 1e39],
  ["conditioned-float16", {}, {}, 65_520],
])("%s: a row beyond what the network's input holds is refused", async (fixture, inputs, rows, number) => {
  const conditions = { encoder_hidden_states: { shape: [3, 2] }, ...inputs };
  const model = await load(fixture, { conditions }, {});
  const row = Float64Array.of(0, 0, 0, 0, -number, 0);
  await expect(sample(model, { conditions: { ...rows, encoder_hidden_states: row } })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    where: "conditions.encoder_hidden_states",
    message: expect.stringMatching(/in magnitude.*received -.* at 4/),
  });
});

test("one row for all needs no classes", async () => {
  const { classes: _, nullClass: __, ...unconditional } = config;
  const model = await load("conditioned", unconditional, {
    "prompts.npy": { data: new Float32Array(6).fill(0.5), shape: [1, 3, 2] },
    "time-ids.npy": timeIds,
  });
  expect(model.classes).toBeUndefined();
  const { data } = await sample(model, { solver: "ddim", steps: 3, count: 2, seed: 7 });
  expect(data.every(Number.isFinite)).toBe(true);
});

test("guidance goes from the null class's row to the prompt's, in a batch with others", async () => {
  const model = await load("conditioned", config);
  const request = { solver: "ddim", steps: 4, seed: 3, dtype: "float64" } as const;
  const draw = async (label: number) => (await sample(model, { ...request, labels: [label] })).data;
  const [prompt, empty] = [await draw(0), await draw(2)];
  const engine = new Engine(model);
  const [guided] = await Promise.all([
    engine.sample({ ...request, labels: [0], guidance: 3 }),
    engine.sample({ ...request, labels: [1, 0] }),
  ]);
  // The network is linear, so the samples are as the predictions.
  for (const [i, value] of guided.data.entries())
    expect(value / (empty[i]! + 3 * (prompt[i]! - empty[i]!))).toBeCloseTo(1, 5);
  expect(Math.abs(prompt[0]! - empty[0]!)).toBeGreaterThan(1);
});

test.each<[string, Partial<ModelConfig>, Record<string, NpyArray>, object]>([
  [
    "too few rows",
    config,
    { "prompts.npy": { data: new Float32Array(12), shape: [2, 3, 2] }, "time-ids.npy": timeIds },
    {
      code: "MODEL_MISMATCH",
      where: "/conditions/encoder_hidden_states",
      message: expect.stringContaining('expected 3 rows in "prompts.npy", one for each label'),
    },
  ],
  [
    "rows of classes that are not listed",
    { conditions: config.conditions },
    { "prompts.npy": text, "time-ids.npy": timeIds },
    { code: "MODEL_MISMATCH", message: expect.stringContaining("must list the classes") },
  ],
  [
    "rows of another shape",
    config,
    { "prompts.npy": { data: new Float32Array(9), shape: [3, 3] }, "time-ids.npy": timeIds },
    { code: "MODEL_MISMATCH", message: expect.stringContaining("rows have shape [3]") },
  ],
  [
    "numbers that are none",
    config,
    {
      "prompts.npy": { data: new Float32Array(18).fill(Number.NaN, 7), shape: [3, 3, 2] },
      "time-ids.npy": timeIds,
    },
    {
      code: "INVALID_MODEL",
      where: "/conditions/encoder_hidden_states",
      message: expect.stringContaining("expected finite numbers, received NaN in row 1, element 1"),
    },
  ],
  [
    "a missing file",
    config,
    { "prompts.npy": text },
    { code: "INVALID_MODEL", message: expect.stringContaining('"time-ids.npy" is missing') },
  ],
  [
    "an input that is told nothing",
    { ...config, conditions: { encoder_hidden_states: "prompts.npy" } },
    { "prompts.npy": text },
    {
      code: "MODEL_MISMATCH",
      where: "/conditions",
      message: expect.stringContaining('the network also needs "time_ids"'),
    },
  ],
  [
    "an input that there is not",
    { ...config, conditions: { ...config.conditions, "a/b": "time-ids.npy" } },
    { "prompts.npy": text, "time-ids.npy": timeIds },
    {
      code: "MODEL_MISMATCH",
      where: "/conditions/a~1b",
      message: expect.stringContaining('no input "a/b"'),
    },
  ],
  [
    "classes that change nothing",
    { ...config, conditions: { ...config.conditions, encoder_hidden_states: "time-ids.npy" } },
    { "time-ids.npy": { data: new Float32Array(6), shape: [1, 3, 2] } },
    { code: "MODEL_MISMATCH" },
  ],
  [
    "a file elsewhere",
    { ...config, conditions: { ...config.conditions, time_ids: "../time-ids.npy" } },
    { "prompts.npy": text },
    { code: "INVALID_MODEL", message: expect.stringContaining("expected the name of a file in") },
  ],
])("%s: refused", async (_, changes, files, error) => {
  const folder = await folderWith("conditioned", changes, files);
  await expect(loadModel(folder)).rejects.toMatchObject(error);
});

test("a link out of the folder is refused", async () => {
  const elsewhere = join(await temporaryFolder(), "prompts.npy");
  await writeFile(elsewhere, encodeNpy(text));
  const folder = await folderWith("conditioned", config, { "time-ids.npy": timeIds });
  await symlink(elsewhere, join(folder, "prompts.npy"));
  await expect(loadModel(folder)).rejects.toThrow(/link out of the model's folder/);
});
