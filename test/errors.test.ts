import { describe, expect, it } from "vitest";
import { QuenchError, requireInteger, throwIfAborted } from "../lib/errors.js";

describe("requireInteger", () => {
  it.each([
    [1, undefined],
    [0, { least: 0 }],
    [5, { most: 5 }],
  ])("takes %j in %j", (value, range) => expect(() => requireInteger(value, "steps", range)).not.toThrow());

  it.each([
    [1.5, undefined, "steps: expected an integer ≥ 1, received 1.5"],
    [Number.NaN, undefined, "steps: expected an integer ≥ 1, received NaN"],
    [Infinity, undefined, "steps: expected an integer ≥ 1, received Infinity"],
    [-1, { least: 0 }, "steps: expected an integer ≥ 0, received -1"],
    [6, { most: 5 }, "steps: expected an integer from 1 to 5, received 6"],
    ["3", { least: 2, most: 5 }, 'steps: expected an integer from 2 to 5, received "3"'],
    [3n, undefined, "steps: expected an integer ≥ 1, received a bigint"],
  ])("refuses %s in %j", (value, range, message) =>
    expect(() => requireInteger(value, "steps", range)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where: "steps", message }),
    ),
  );
});

describe("throwIfAborted", () => {
  it("lets pass what nobody aborted", () => {
    expect(() => throwIfAborted(undefined)).not.toThrow();
    expect(() => throwIfAborted(new AbortController().signal)).not.toThrow();
  });

  it("says what was aborted, and keeps why", () =>
    expect(() => throwIfAborted(AbortSignal.abort("enough"), "the search")).toThrow(
      expect.objectContaining({ code: "ABORTED", message: "the search was aborted", cause: "enough" }),
    ));

  it("throws a deadline as it is", () => {
    const late = new QuenchError("DEADLINE_EXCEEDED", "too late");
    expect(() => throwIfAborted(AbortSignal.abort(late))).toThrow(late);
  });
});
