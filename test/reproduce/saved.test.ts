import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commandsOf, requireSame, samplesOf } from "../../scripts/reproduce/saved.mjs";

const saved = (name: string, samples: number) => ({ name, results: { samples } });
const path = (name: string) => new URL(`../../scripts/reproduce/results/${name}.json`, import.meta.url);

describe("the commands that made what is saved", () => {
  it("is the one without options where all models have its numbers of samples", () => {
    expect(commandsOf([saved("digits", 250), saved("garments", 250), saved("mixture", 4000)])).toEqual([
      "node scripts/reproduce/all.mjs",
    ]);
  });

  it("names samples and models where they differ", () => {
    expect(commandsOf([saved("digits", 500), saved("garments", 500), saved("mixture", 8000)])).toEqual([
      "node scripts/reproduce/all.mjs --samples 500",
    ]);
    expect(commandsOf([saved("digits", 250), saved("garments", 500), saved("mixture", 4000)])).toEqual([
      "node scripts/reproduce/all.mjs --model digits --model mixture",
      "node scripts/reproduce/all.mjs --model garments --samples 500",
    ]);
  });
});

describe("adding to what is saved", () => {
  const { hash, samples } = JSON.parse(readFileSync(path("digits"), "utf8"));

  it("takes the same weights and numbers of samples", () => {
    expect(() => requireSame("digits", { hash, samples })).not.toThrow();
    expect(() => requireSame("nothing-saved", { hash, samples: 1 })).not.toThrow();
    expect(() => requireSame("digits", { samples })).not.toThrow();
    expect(samplesOf("mixture", 250)).toBe(4000);
  });

  it("refuses others, and says what differs, unless it may drop all", () => {
    expect(() => requireSame("digits", { hash, samples: samples + 1 })).toThrow(
      `what is saved of digits is of ${samples} samples a cell, and ${samples + 1} were asked for: --replace drops all of it`,
    );
    expect(() => requireSame("digits", { hash: "other", samples })).toThrow("of other weights");
    expect(() => requireSame("digits", { hash, samples: 1 }, { replace: true })).not.toThrow();
  });
});
