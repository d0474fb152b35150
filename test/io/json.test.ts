import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { checkJson, jsonPointer, parseJsonFile, readJson } from "../../lib/io/index.js";
import { temporaryFolder } from "./support.js";

const schema = z.strictObject({
  steps: z.number().int(),
  kind: z.enum(["first", "second"]).optional(),
  grid: z.union([z.literal("even"), z.array(z.number())]).optional(),
  list: z.array(z.strictObject({ weight: z.number() })).optional(),
});

test("a file that fits its schema", async () => {
  const path = join(await temporaryFolder(), "a.json");
  await writeFile(path, `\uFEFF{"steps": 3}`);
  expect(await readJson(path, schema)).toEqual({ steps: 3 });
});

test("pointers escape as RFC 6901 says", () => {
  expect(jsonPointer(["a/b", "~", 3])).toBe("/a~1b/~0/3");
  expect(jsonPointer([])).toBe("");
});

test.each<[unknown, string, RegExp]>([
  [{ steps: "3" }, "/steps", /expected number, received string/],
  [{ steps: 1.5 }, "/steps", /int/],
  [{}, "/steps", /expected number, received undefined/],
  [
    { step: 3, steps: 3 },
    "/step",
    /unknown key "step"; did you mean "steps"\? Known: steps, kind, grid, list/,
  ],
  [{ step: 3 }, "/step", /did you mean "steps"/],
  [{ steps: 3, list: [{ weight: 1 }, { weigth: 1, weight: 1 }] }, "/list/1/weigth", /did you mean "weight"/],
  [
    { steps: 1, kind: "frist" },
    "/kind",
    /expected "first" or "second", received "frist"; did you mean "first"\?/,
  ],
  [{ steps: 1, kind: 7 }, "/kind", /expected "first" or "second", received 7$/],
  [{ steps: 1, grid: "evn" }, "/grid", /expected "even" or an array, received "evn"; did you mean "even"\?/],
  [{ steps: 1, grid: [1, "x"] }, "/grid/1", /expected number, received string/],
  [[], "", /^expected object/],
])("%j", (value, where, message) => {
  expect(() => checkJson(value, schema)).toThrow(
    expect.objectContaining({ code: "INVALID_FILE", where, message: expect.stringMatching(message) }),
  );
});

test("the caller's code, and the file in the message", async () => {
  const path = join(await temporaryFolder(), "a.json");
  await writeFile(path, `{"steps": true}`);
  const error = { code: "INVALID_ARTIFACT", where: "/steps", message: expect.stringContaining(path) };
  await expect(readJson(path, schema, { code: "INVALID_ARTIFACT" })).rejects.toMatchObject(error);
});

test("missing, over the limit, no JSON, a folder", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "a.json");
  await expect(readJson(path, schema)).rejects.toMatchObject({ code: "INVALID_FILE", where: path });
  await writeFile(path, `{"steps": 3}`);
  await expect(readJson(path, schema, { maximumBytes: 5 })).rejects.toMatchObject({
    message: expect.stringContaining("limit of 5"),
  });
  await writeFile(path, `{"steps": 3`);
  await expect(readJson(path, schema)).rejects.toMatchObject({
    where: path,
    message: expect.stringContaining("not valid JSON"),
  });
  await expect(readJson(folder, schema)).rejects.toMatchObject({ code: "INVALID_FILE", where: folder });
});

test("Python's names of numbers, outside of strings only", async () => {
  const path = join(await temporaryFolder(), "a.json");
  const read = async (json: string) => {
    await writeFile(path, json);
    return parseJsonFile(path, { pythonNumbers: true });
  };
  expect(await read('{"a": [-Infinity, NaN, Infinity], "b\\"": "NaN \\\\"}')).toEqual({
    a: [-1 / 0, null, 1 / 0],
    'b"': "NaN \\",
  });
  const long = `"${"x".repeat(3_000_000)}\\""`;
  expect(await read(`[${long}, NaN]`)).toHaveLength(2);
  // A string that never ends: looking for its end from each of its quotes would take hours.
  await expect(read(`"${'\\"'.repeat(1_000_000)}`)).rejects.toMatchObject({ code: "INVALID_FILE" });
});

test("what is received is named, however deep it is", () => {
  const deep = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`) as unknown;
  expect(() => checkJson({ steps: 1, kind: deep }, schema)).toThrow(/received an array/);
});
