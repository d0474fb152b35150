import { expect, it } from "vitest";
import { z } from "zod";
import { list } from "../../lib/checks/list.js";
import { presetSchema } from "../../lib/preset/index.js";

const rows = list(list(z.string().transform(Number)).min(1)).describe("rows");

it("gives what its entries give", () => {
  const given = [["1", "2"], ["3"]];
  expect(rows.parse(given)).toEqual([[1, 2], [3]]);
  expect(given).toEqual([["1", "2"], ["3"]]);
  expect(rows.parse([])).toEqual([]);
});

it.each([
  ["no array", "1", [], "invalid_type"],
  ["an entry of another kind", [["1"], 2, 3], [1], "invalid_type"],
  ["the first of many", [["1"], ["2", 3, 4], [5]], [1, 1], "invalid_type"],
  ["an entry that is empty", [["1"], [], []], [1], "too_small"],
])("reports %s, once", (_, value, path, code) => {
  expect(rows.safeParse(value).error?.issues).toMatchObject([{ path, code }]);
});

it("is an array to JSON Schema, and where it is described or made optional", () => {
  const plain = z.array(z.int()).min(2).max(5).optional().describe("counts");
  const own = list(z.int()).min(2).max(5).optional().describe("counts");
  expect(z.toJSONSchema(own)).toEqual(z.toJSONSchema(plain));
  expect(own.safeParse(Array(4).fill("x")).error?.issues).toHaveLength(1);
});

it("a megabyte of wrong labels is one problem of a preset", () => {
  const wrong = { tuning: { labels: Array(500_000).fill(-1) } };
  const issues = presetSchema.safeParse(wrong).error?.issues ?? [];
  expect(issues.filter(({ path }) => path[1] === "labels")).toMatchObject([
    { path: ["tuning", "labels", 0] },
  ]);
});
