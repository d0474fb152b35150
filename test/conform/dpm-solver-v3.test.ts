import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { conform } from "../../lib/conform/index.js";

const golden = fileURLToPath(new URL("../golden/dpm-solver-v3.worldA.json", import.meta.url));

it("reproduces every run of the official DPM-Solver-v3, with its number of model calls", async () => {
  const results = await conform([golden]);
  expect(results).toHaveLength(26);
  expect(results.filter(({ status }) => status !== "pass")).toEqual([]);
  for (const { id, nfe, referenceNfe } of results) expect(nfe, id).toBe(referenceNfe);
});

it("stays close to it in float32", async () => {
  const results = await conform([golden], { dtype: "float32" });
  expect(results.filter(({ status }) => status !== "pass")).toEqual([]);
});
