import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { integer, integerOr, integers, number, numberOr } from "../../lib/cli/numbers.js";
import { quench } from "./run-quench.js";

describe("arguments that are numbers", () => {
  it("are read", () => {
    expect([number("-1.5"), integer()("20"), integer(0)("0")]).toEqual([-1.5, 20, 0]);
    expect(integers()("4,8, 16")).toEqual([4, 8, 16]);
    expect([integerOr("measured")("measured"), integerOr("measured")("3")]).toEqual(["measured", 3]);
  });

  it.each([
    ['expected a number, received "many"', () => number("many")],
    ['expected a number, received ""', () => number("")],
    ['expected "inf" or a number, received "x"', () => numberOr("inf")("x")],
    ["expected an integer ≥ 1, received 1.5", () => integer()("1.5")],
    ["expected an integer ≥ 1, received 0", () => integer()("0")],
    ["expected an integer ≥ 0, received -3", () => integer(0)("-3")],
    ['expected an integer ≥ 0, received " "', () => integer(0)(" ")],
    ["expected an integer ≥ 1, received Infinity", () => integer()("Infinity")],
    ["expected an integer ≥ 1, received 2.5", () => integers()("4,2.5")],
    ['expected "measured" or an integer ≥ 1, received "all"', () => integerOr("measured")("all")],
  ])("or refused: %s", (message, read) => expect(read).toThrow(new InvalidArgumentError(message)));
});

it.each([
  [["sample", "m", "--shard"]],
  [["bench", "engine", "--requests"]],
  [["bench", "engine", "--max-batches"]],
  [["bench", "kernels", "--threads"]],
  [["bench", "sample", "--batches"]],
  [["bench", "step", "--rounds"]],
  [["calibrate", "iia", "m", "--substeps"]],
  [["calibrate", "risk", "m", "--self"]],
  [["evaluate", "m", "--out", "o", "--nfe"]],
  [["evaluate", "m", "--out", "o", "--trace"]],
  [["schedule", "--beam"]],
  [["schedule", "tune", "--samples"]],
  [["serve", "m", "--sessions"]],
  [["tune", "m", "--nfe"]],
])("quench %j takes whole numbers alone", async (args) => {
  const { exitCode, stderr } = await quench([...args, "1.5"]);
  expect(stderr).toMatch(
    /INVALID_ARGUMENT: option .* is invalid\. expected an integer ≥ [01], received 1\.5/,
  );
  expect(exitCode).toBe(2);
});
