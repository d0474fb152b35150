import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parse } from "../../lib/checks/validate.js";
import { unknownName } from "../../lib/errors.js";

const schema = z.strictObject({
  steps: z.int(),
  kind: z.literal("one").optional(),
  axis: z.union([z.number().positive(), z.literal("inf")]).optional(),
  labels: z.union([z.int().nonnegative(), z.array(z.int())]).optional(),
  own: z.union([z.string(), z.boolean()], { error: "expected one of ours" }).optional(),
  place: z
    .union([
      z.string(),
      z.strictObject({ name: z.string().describe("what it is called"), rho: z.number().optional() }),
      z.strictObject({ levels: z.array(z.strictObject({ sigma: z.number() })) }),
    ])
    .optional(),
});

describe("parse", () => {
  it.each([
    [
      { steps: 1, place: { name: "a", roh: 3 } },
      'request.place: unknown option "roh"; did you mean "rho"? Known: name, rho',
    ],
    [
      { stepz: 1 },
      'request: unknown option "stepz"; did you mean "steps"? Known: steps, kind, axis, labels, own, place',
    ],
    [
      { steps: 1, place: { levels: [{ sigma: 1 }, { sigma: 1, at: 2 }] } },
      'request.place.levels.1: unknown option "at". Known: sigma',
    ],
  ])("of %j names the nearest key and those there are, however deep", (value, message) => {
    expect(() => parse(schema, value, "request")).toThrow(
      expect.objectContaining({ code: "UNKNOWN_NAME", message, where: message.split(": ")[0] }),
    );
  });

  it.each([
    [{ steps: 1, place: {} }, "request.place.name: required: what it is called"],
    [{}, "request.steps: required"],
    [{ steps: "1" }, "request.steps: Invalid input: expected number, received string"],
    [{ steps: 1, kind: "two" }, 'request.kind: Invalid input: expected "one"'],
    [{ steps: 1, axis: "foo" }, 'request.axis: expected a number above 0 or "inf", received "foo"'],
    [
      { steps: 1, axis: "ing" },
      'request.axis: expected a number above 0 or "inf", received "ing"; did you mean "inf"?',
    ],
    [
      { steps: 1, labels: "3" },
      'request.labels: expected an integer of at least 0 or an array, received "3"',
    ],
    [
      { steps: 1, place: 3 },
      "request.place: expected a text or an object with name or an object with levels, received 3",
    ],
    [{ steps: 1, own: 3 }, "request.own: expected one of ours"],
    [{ steps: 1, axis: -1 }, "request.axis: Too small: expected number to be >0"],
  ])("of %j says what is missing, or what was expected", (value, message) => {
    expect(() => parse(schema, value, "request")).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", message }),
    );
  });
});

it("an unknown name is told from the names there are, with the nearest", () => {
  expect(unknownName("solver", "didm", ["ddim", "unipc"]).message).toBe(
    'unknown solver "didm"; did you mean "ddim"? Known: ddim, unipc',
  );
  expect(unknownName("solver", "something", ["ddim", "unipc"]).message).toBe(
    'unknown solver "something". Known: ddim, unipc',
  );
});
