import { describe, expect, it } from "vitest";
import { QuenchError } from "../../lib/errors.js";
import { checkJson } from "../../lib/io/index.js";
import { riskSchema } from "../../lib/schedule/index.js";

const good = { kind: "risk", sigma: [0.1, 1, 10], risk: [0.01, 0.5, 1] };
const spectrum = {
  frequencies: [1, 1, 2],
  multiplicity: [1, 1],
  amplitude: [1, 1],
  variance: [1, 1],
  squaredError: [
    [1, 1],
    [1, 1],
    [1, 1],
  ],
};

function failure(value: unknown): QuenchError {
  try {
    checkJson(value, riskSchema, { code: "INVALID_ARTIFACT" });
  } catch (error) {
    if (error instanceof QuenchError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("risk artifacts", () => {
  it.each([
    ["multiplicity", { multiplicity: Array(16_384).fill(1.5) }, "multiplicity", 0],
    ["squaredError", { squaredError: Array(3).fill([-1, -1]) }, "squaredError", 0, 0],
    ["lengths", { squaredError: Array(3).fill([1]) }, "squaredError", 0],
  ])("of many wrong numbers in %s the first alone is looked for", (_, wrong, ...path) => {
    const { error } = riskSchema.safeParse({ ...good, spectrum: { ...spectrum, ...wrong } });
    expect(error?.issues.map((issue) => issue.path)).toEqual([["spectrum", ...path]]);
  });

  it("kind, sigma and risk are enough", () => {
    expect(checkJson(good, riskSchema)).toEqual(good);
    expect(checkJson({ ...good, version: 1, spectrum }, riskSchema)).toMatchObject({ spectrum });
  });

  it.each([
    ["an empty curve", { ...good, sigma: [], risk: [] }, "/sigma"],
    ["one level", { ...good, sigma: [1], risk: [1] }, "/sigma"],
    ["a number that is none", { ...good, risk: [0.01, null, 1] }, "/risk/1"],
    ["an infinite level", { ...good, sigma: [0.1, 1, Infinity] }, "/sigma/2"],
    ["levels out of order", { ...good, sigma: [0.1, 10, 1] }, "/sigma/2"],
    ["a level twice", { ...good, sigma: [0.1, 0.1, 1] }, "/sigma/1"],
    ["a level of zero", { ...good, sigma: [0, 1, 10] }, "/sigma/0"],
    ["a negative risk", { ...good, risk: [-0.01, 0.5, 1] }, "/risk/0"],
    ["no risk anywhere", { ...good, risk: [0, 0, 0] }, "/risk"],
    ["a shorter list of risks", { ...good, risk: [0.01, 0.5] }, "/risk"],
    ["a shorter list of errors", { ...good, standardError: [1] }, "/standardError"],
    ["another version", { ...good, version: 2 }, "/version"],
    ["another kind", { ...good, kind: "iia" }, "/kind"],
    ["a misspelled key", { ...good, standarderror: [1, 1, 1] }, "/standarderror"],
    ["a hash that is none", { ...good, model: { sha256: "abc" } }, "/model/sha256"],
    [
      "a spectrum of too few levels",
      { ...good, spectrum: { ...spectrum, squaredError: [] } },
      "/spectrum/squaredError",
    ],
    ["amplitudes missing", { ...good, spectrum: { ...spectrum, amplitude: [1] } }, "/spectrum/amplitude"],
    [
      "a level of too few frequencies",
      { ...good, spectrum: { ...spectrum, squaredError: [[1, 1], [1], []] } },
      "/spectrum/squaredError/1",
    ],
    ["not an object", [1, 2], ""],
  ])("refuses %s", (_, value, where) => {
    expect(failure(value)).toMatchObject({ code: "INVALID_ARTIFACT", where });
  });
});
