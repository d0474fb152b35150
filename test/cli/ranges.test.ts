import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRanges } from "../../lib/cli/ranges.js";

const limit = 2n ** 64n;

describe("ranges of integers", () => {
  it("are both ends included, in the order given", () => {
    expect(parseRanges("0-3,7,5-5", "--seeds", limit)).toEqual([0n, 1n, 2n, 3n, 7n, 5n]);
    expect(parseRanges("18446744073709551615", "--seeds", limit)).toEqual([limit - 1n]);
  });

  it("hold what was written, for any list of ranges", () => {
    const range = fc
      .tuple(fc.bigInt(0n, limit - 50n), fc.bigInt(0n, 40n))
      .map(([first, length]) => [first, first + length] as const);
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 5 }), (ranges) => {
        const text = ranges
          .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
          .join(",");
        const numbers = parseRanges(text, "--seeds", limit);
        expect(numbers.length).toBe(
          Number(ranges.reduce((sum, [first, last]) => sum + last - first + 1n, 0n)),
        );
        expect(numbers[0]).toBe(ranges[0]![0]);
        expect(numbers.at(-1)).toBe(ranges.at(-1)![1]);
      }),
      { seed: 20261121, numRuns: 50 },
    );
  });

  it.each([
    "",
    "a",
    "1.5",
    "-1",
    "1-",
    "1,,2",
    "0x10",
    "1e3",
    "18446744073709551616",
    "0-18446744073709551616",
  ])("rejects %j", (text) =>
    expect(() => parseRanges(text, "--seeds", limit)).toThrow(/^--seeds: expected integers/),
  );

  it("rejects ranges that run backwards or are too long to write out", () => {
    expect(() => parseRanges("5-3", "--seeds", limit)).toThrow(/runs backwards/);
    expect(() => parseRanges("0-18446744073709551615", "--seeds", limit)).toThrow(/is longer than/);
  });
});
