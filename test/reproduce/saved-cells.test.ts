import { describe, expect, it } from "vitest";
import { savedCell, savedVerdict } from "../../scripts/reproduce/page/saved-cells.mjs";
import { paperShows } from "../../scripts/reproduce/tables.mjs";

const block = (title: string, rows: readonly (readonly unknown[])[], more = {}) => ({
  title,
  grid: "log-snr",
  rows,
  ...more,
});
const table = {
  id: "t",
  columns: [5, 10],
  lines: { others: [{ key: "second", label: "paper, second model" }] },
  blocks: [
    block("own", [
      ["A", "a", [1, 3], undefined, { second: [1, 1] }],
      ["B", "b", [2, 2], undefined, { second: [2, 2] }],
      ["C", "c"],
    ]),
  ],
};

describe("whether a paper shows its claim", () => {
  const shows = paperShows(table, {});
  it("is whether all lines that have both methods have the first one lower", () => {
    expect([shows("a", "b", 5), shows("a", "b", 10), shows("b", "a", 10)]).toEqual([true, false, false]);
  });

  it("is left to the text where no line has both", () => {
    expect([shows("a", "c", 10), shows("c", "a", 5)]).toEqual([true, true]);
  });
});

describe("a cell that is saved", () => {
  const row = { method: "a", grid: "log-snr", guidance: 1 };
  const saved = (title: string, cells: readonly unknown[]) => ({
    columns: [10],
    blocks: [{ title, rows: [{ method: "a", grid: "log-snr", cells }] }],
  });
  const cell = { nfe: 10, best: true };

  it("is found in the table's own block, among whose best it may be", () => {
    const results = { tables: { t: saved("own", [cell]) } };
    expect(savedCell(results, table, table.blocks[0]!, row, 10)).toEqual(cell);
    expect(savedCell(results, table, table.blocks[0]!, row, 5)).toBeUndefined();
  });

  it("is taken from another table of the same guidance", () => {
    const other = { tables: { u: saved("other", [cell]), v: saved("other, guidance 2", [{ nfe: 9 }]) } };
    expect(savedCell(other, table, table.blocks[0]!, row, 10)).toEqual({ nfe: 10, best: false });
    const guided = { ...row, guidance: 2 };
    expect(savedCell(other, table, table.blocks[0]!, guided, 10)).toEqual({ nfe: 9, best: false });
  });
});

describe("a verdict from what is saved", () => {
  const comparison = (nfe: number, other: string, value: number) => ({
    ...{ nfe, mine: "a", other, value },
    standardError: 0.01,
  });
  const model = (text: string) => ({
    metrics: ["fd", "rmse"],
    results: {
      tables: {
        t: {
          claims: [
            {
              text,
              fd: {
                verdict: "does not hold",
                comparisons: [comparison(5, "b", -1), comparison(10, "b", 1), comparison(5, "c", -1)],
              },
            },
          ],
        },
      },
    },
  });
  const claim = { text: "a is better than b", below: ["a", ["b"]] as const };

  it("is of the comparisons that the claim asks for, and that the paper shows", () => {
    const found = savedVerdict(model(claim.text), table, claim, "fd");
    expect([found.verdict, found.counts]).toEqual(["holds", { better: 1, alike: 0, worse: 0 }]);
  });

  it("takes them from another claim of the table where names mean one cell", () => {
    expect(savedVerdict(model("as it was called"), table, claim, "fd").verdict).toBe("holds");
    const twice = {
      ...table,
      blocks: [...table.blocks, block("guided, guidance 2", [["A", "a"]], { guidance: 2 })],
    };
    expect(savedVerdict(model("as it was called"), twice, claim, "fd").why).toBe("not measured");
  });

  it("says what was not measured, and why a claim cannot be tested", () => {
    expect(savedVerdict({ metrics: ["fd"], results: { tables: {} } }, table, claim, "fd").why).toBe(
      "not measured",
    );
    const untestable = { text: "", untestable: "no such model here" };
    expect(savedVerdict(model(""), table, untestable, "fd")).toEqual({
      verdict: "not testable here",
      why: "no such model here",
    });
  });
});
