import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { requireNumbers } from "../../scripts/reproduce/markdown.mjs";
import { leadersInWords } from "../../scripts/reproduce/page/choice.mjs";
import { resultsPage } from "../../scripts/reproduce/page.mjs";

it("docs/results.md is what the saved results make", () => {
  expect(readFileSync(new URL("../../docs/results.md", import.meta.url), "utf8")).toBe(resultsPage());
});

it("refuses a page with a number that is none, and names the line", () => {
  expect(requireNumbers("| 1 | 2 |")).toBe("| 1 | 2 |");
  expect(() => requireNumbers("| 1 |\n| NaN % |")).toThrow("not a number: | NaN % |");
});

it("says from where on most pairs are alike only where they stay so", () => {
  // At 4, 5, 6, 8, 10, 12 and 20 calls, of four pairs: so many that cannot be told from the best.
  const words = (alike: readonly number[]) => {
    const rows = [0, 1, 2, 3].map((row) => ({
      method: "deis",
      grid: "log-snr",
      cells: alike.map((count) => ({ fd: [row + 1, row, row + 2], ...(row < count ? { best: true } : {}) })),
    }));
    return leadersInWords({
      name: "m",
      metrics: ["fd"],
      results: { tables: { choice: { blocks: [{ rows }] } } },
    });
  };
  expect(words([3, 1, 3, 3, 3, 3, 3])).toContain("from 6 calls on");
  expect(words([3, 3, 3, 3, 3, 3, 3])).toContain("from 4 calls on");
  expect(words([3, 3, 3, 3, 3, 3, 1])).not.toContain("calls on");
});
