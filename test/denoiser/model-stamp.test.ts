import { describe, expect, it } from "vitest";
import { modelStamp, requireSameModel, sameModel } from "../../lib/denoiser/model-stamp.js";

const [a, b] = ["a".repeat(64), "b".repeat(64)];

describe("the model an artifact was made for", () => {
  it.each([
    [
      "equal hashes, whatever the names",
      { name: "x", sha256: a },
      { name: "y", hash: a.toUpperCase() },
      true,
    ],
    ["different hashes of one name", { name: "x", sha256: a }, { name: "x", hash: b }, false],
    ["a name alone on either side", { name: "x", sha256: a }, { name: "x" }, true],
    ["another name, one hash unknown", { name: "x" }, { name: "y", hash: b }, false],
    ["another name, both hashes unknown", { name: "x" }, { name: "y" }, false],
    ["a hash against a name", { sha256: a }, { name: "y" }, true],
    ["a stamp that says neither", {}, { name: "y", hash: b }, true],
    ["no stamp", undefined, { name: "y", hash: b }, true],
  ])("%s", (_, stamp, model, same) => {
    expect(sameModel(stamp, model)).toBe(same);
  });

  it("is the one that its stamp was made from, without a hash where it has none", () => {
    expect(modelStamp({ name: "x", hash: a })).toEqual({ name: "x", sha256: a });
    expect(modelStamp({ name: "x" })).toStrictEqual({ name: "x" });
  });

  it("is named beside the one asked for", () => {
    expect(() => requireSameModel({ name: "x" }, { name: "y", hash: b }, "tuned", "preset")).toThrow(
      `preset: tuned on the model "x" (no hash), asked for the model "y" (sha256 ${b})`,
    );
  });
});
