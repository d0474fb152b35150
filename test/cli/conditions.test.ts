import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadModel, sample } from "../../lib/index.js";
import { encodeNpy, type NpyArray, readNpz } from "../../lib/io/index.js";
import { modelFolder, temporaryFolder } from "../denoiser/support.js";
import { quench } from "./run-quench.js";

const texts = Float32Array.from({ length: 12 }, (_, i) => (i < 6 ? 0.5 : -0.25));
const files: Record<string, NpyArray> = {
  "prompts.npy": { data: texts, shape: [2, 3, 2] },
  "empty.npy": { data: new Float64Array(6), shape: [3, 2] },
  "sizes.npy": { data: BigInt64Array.of(1n, 2n), shape: [2] },
};

async function prepared(): Promise<{ model: string; folder: string; options: string[] }> {
  const shapes = { encoder_hidden_states: { shape: [3, 2] }, time_ids: { shape: [2] } };
  const model = await modelFolder("conditioned", { conditions: shapes });
  const folder = await temporaryFolder();
  for (const [name, array] of Object.entries(files)) await writeFile(join(folder, name), encodeNpy(array));
  const rows = (name: string) => join(folder, name);
  const options = [
    ...["--condition", `encoder_hidden_states=${rows("prompts.npy")}`],
    ...["--condition", `time_ids=${rows("sizes.npy")}`],
    ...["--null-condition", `encoder_hidden_states=${rows("empty.npy")}`],
    ...["--null-condition", `time_ids=${rows("sizes.npy")}`],
    ...["--solver", "ddim", "--steps", "4", "--count", "3", "--guidance", "2", "--quiet"],
  ];
  return { model, folder, options };
}

test("--condition cycles the rows of a file over the samples, in any batch", async () => {
  const { model, folder, options } = await prepared();
  const out = join(folder, "latents.npz");
  const { exitCode, stderr } = await quench(["sample", model, ...options, "--batch", "2", "--out", out]);
  expect([exitCode, stderr]).toEqual([0, ""]);
  const drawn = (await readNpz(out)).get("samples")!;
  const denoiser = await loadModel(model);
  onTestFinished(() => denoiser.close());
  const [one, two, empty] = [texts.subarray(0, 6), texts.subarray(6), new Float32Array(6)];
  const time_ids = Int32Array.of(1, 2);
  const { data } = await sample(denoiser, {
    ...{ solver: "ddim", steps: 4, guidance: 2, count: 3 },
    conditions: { encoder_hidden_states: [one, two, one], time_ids },
    nullConditions: { encoder_hidden_states: empty, time_ids },
  });
  expect(drawn.data).toEqual(data);
});

test("a job in shards is continued with the same rows, and with no others", async () => {
  const { model, folder, options } = await prepared();
  const job = ["sample", model, ...options, "--shard", "2", "--out", join(folder, "job")];
  expect(await quench(job)).toMatchObject({ exitCode: 0 });
  expect(await quench(job)).toMatchObject({ exitCode: 0 });
  const others = { data: texts.map((value) => 2 * value), shape: [2, 3, 2] };
  await writeFile(join(folder, "prompts.npy"), encodeNpy(others));
  const { exitCode, stderr } = await quench(job);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("another job of shards");
});

test.each([
  [["--condition", "encoder_hidden_states"], "expected key=value"],
  [["--condition", "encoder_hidden_state=x.npy"], 'did you mean "encoder_hidden_states"'],
  [["--condition", "time_ids=missing.npy"], "missing.npy"],
])("%j is refused", async (options, message) => {
  const { model, folder } = await prepared();
  const { exitCode, stderr } = await quench(["sample", model, ...options, "--out", join(folder, "x.png")]);
  expect(exitCode).toBeGreaterThan(0);
  expect(stderr).toContain(message);
});

test.each([[[2]], [[2, 3]], [[6]], [[4, 6]], [[1, 1, 3, 2]], [[0, 3, 2]]])(
  "rows of shape %j are refused naming the file",
  async (shape) => {
    const { model, folder } = await prepared();
    const file = join(folder, "other.npy");
    await writeFile(file, encodeNpy({ data: new Float32Array(shape.reduce((a, b) => a * b)), shape }));
    const { exitCode, stderr } = await quench([
      ...["sample", model, "--condition", `encoder_hidden_states=${file}`],
      ...["--out", join(folder, "x.png")],
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `expected an array [3, 2] or [n, 3, 2] in ${file}, received [${shape.join(", ")}]`,
    );
  },
);

test("an input that is given twice is refused", async () => {
  const { model, options, folder } = await prepared();
  const { exitCode, stderr } = await quench([
    ...["sample", model, ...options, "--condition", "time_ids=x.npy"],
    ...["--out", join(folder, "x.png")],
  ]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('"time_ids" is given twice');
});
