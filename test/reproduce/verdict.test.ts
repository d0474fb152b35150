import { describe, expect, it } from "vitest";
import { type JudgedCell, judge, judgeApart, threshold } from "../../scripts/reproduce/verdict.mjs";

/** A cell of value v whose replicates swing by ± spread around it in a pattern of its own. */
function cell(value: number, spread: number, phase: number): JudgedCell {
  const replicates = Array.from({ length: 100 }, (_, r) => value + spread * Math.SQRT2 * Math.sin(r + phase));
  return { replicates: { fd: { value, replicates } } };
}

/** Cells by method, the same at every number of calls unless a list is given. */
const finder = (cells: Record<string, JudgedCell | JudgedCell[]>) => (name: string, calls: number) => {
  const found = cells[name];
  return Array.isArray(found) ? found[calls - 1] : found;
};

describe("the verdict on a claim", () => {
  it("takes the normal quantile, corrected for the number of comparisons", () => {
    // scipy.stats.norm.ppf(1 - 0.025/n)
    expect(threshold(1)).toBeCloseTo(1.95996398454, 8);
    expect(threshold(4)).toBeCloseTo(2.49770547441, 8);
    expect(threshold(28)).toBeCloseTo(3.12373463032, 7);
  });

  it("holds where A is better beyond noise in half of the comparisons and worse in none", () => {
    const cells = finder({
      a: [cell(1, 0.01, 0), cell(1, 0.01, 0)],
      b: [cell(2, 0.01, 1), cell(1, 0.01, 1)],
    });
    const { verdict, counts } = judge({ below: ["a", ["b"]] }, cells, [1, 2], "fd");
    expect({ verdict, counts }).toEqual({ verdict: "holds", counts: { better: 1, alike: 1, worse: 0 } });
  });

  it("does not hold where one comparison is against A, however many are for it", () => {
    const a = [1, 1, 1, 1].map((value) => cell(value, 0.01, 0));
    const b = [2, 2, 2, 0.5].map((value) => cell(value, 0.01, 1));
    expect(judge({ below: ["a", ["b"]] }, finder({ a, b }), [1, 2, 3, 4], "fd").verdict).toBe(
      "does not hold",
    );
  });

  it("is not testable where noise hides the differences, and says so", () => {
    const cells = finder({ a: cell(1, 0.2, 0), b: cell(1.1, 0.2, 1) });
    const { verdict, why } = judge({ below: ["a", ["b"]] }, cells, [1, 2], "fd");
    expect([verdict, why]).toEqual(["not testable here", "most differences are within noise"]);
  });

  it("pairs the resamples: noise that both share hides nothing", () => {
    const cells = finder({ a: cell(1, 0.2, 0), b: cell(1.1, 0.2, 0) });
    expect(judge({ below: ["a", ["b"]] }, cells, [1, 2], "fd").verdict).toBe("holds");
  });

  it("calls two methods near where the whole interval lies within the share", () => {
    const verdict = (other: number, spread: number) =>
      judge(
        { near: ["a", ["b"]], share: 0.02 },
        finder({ a: cell(1, 0, 0), b: cell(other, spread, 1) }),
        [1],
        "fd",
      ).verdict;
    expect(verdict(1.005, 0.002)).toBe("holds");
    expect(verdict(1.005, 0.02)).toBe("not testable here");
    expect(verdict(1.1, 0.002)).toBe("does not hold");
  });

  it("compares different numbers of calls with a margin of 5 %", () => {
    const claim = { atMost: ["a", 1, "b", 2] as const };
    const verdict = (value: number, spread: number) =>
      judge(claim, finder({ a: cell(value, spread, 0), b: cell(1, 0, 0) }), [1, 2], "fd").verdict;
    expect(verdict(1.02, 0.005)).toBe("holds");
    expect(verdict(1.2, 0.005)).toBe("does not hold");
    expect(verdict(1.04, 0.05)).toBe("not testable here");
  });

  it("counts differences above a threshold where no errors were measured, and names it", () => {
    const of = (...values: readonly number[]) =>
      judgeApart(
        values.map((value) => ({ nfe: 5, mine: "a", other: "b", value })),
        () => 0.1,
        "the threshold of 0.1",
      );
    expect(of(-0.2, 0.05).verdict).toBe("holds");
    expect(of(-0.2, 0.2).verdict).toBe("does not hold");
    expect(of(-0.2, -0.05, 0.05).why).toBe("most differences are below the threshold of 0.1");
    expect(of().why).toBe("not measured");
  });

  it("leaves out calls at which the paper does not show the claim", () => {
    const cells = finder({
      a: [cell(1, 0.01, 0), cell(3, 0.01, 0)],
      b: [cell(2, 0.01, 1), cell(1, 0.01, 1)],
    });
    const below = { below: ["a", ["b"]] as const };
    expect(judge(below, cells, [1, 2], "fd").verdict).toBe("does not hold");
    expect(judge(below, cells, [1, 2], "fd", (_mine, _other, calls) => calls === 1).verdict).toBe("holds");
  });

  it("says that nothing was measured, or that the metric is not defined", () => {
    const none = judge({ below: ["a", ["b"]] }, () => undefined, [1], "fd");
    expect([none.verdict, none.why]).toEqual(["not testable here", "not measured"]);
    const other = judge({ below: ["a", ["b"]] }, finder({ a: cell(1, 0, 0), b: cell(1, 0, 0) }), [1], "rmse");
    expect(other.why).toBe("rmse is not defined for these methods");
  });
});
