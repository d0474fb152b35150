import { describe, expect, it } from "vitest";

const load = (path: string) => import(new URL(`../../scripts/reproduce/${path}`, import.meta.url).pathname);
const { cellsOf, fillTable } = await load("tables.mjs");
const { savedCell, savedVerdict } = await load("page/saved-cells.mjs");
const papers = ["choice", "ets", "evodiff", "las", "re"];
const modules = await Promise.all(papers.map((name) => load(`papers/${name}.mjs`)));
const tables = modules.flatMap((paper) => paper.tables);

/** A finished cell of any value, the same for the same name. */
function cell(name: string, nfe: number) {
  const value = 1 + [...name].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 97, nfe) / 97;
  const replicates = Array.from({ length: 20 }, (_, r) => value + 0.01 * Math.sin(r + value));
  return {
    nfe,
    steps: nfe,
    metrics: { fd: { value, low: value - 0.1, high: value + 0.1 } },
    replicates: { fd: { value, replicates } },
  };
}

describe.each(tables.map((table) => [table.id, table]))("the table %s", (_id, table) => {
  const subject = { metrics: ["fd"], classes: ["0"] };
  const wanted: { name: string; nfe: number[] }[] = cellsOf(table, subject);
  const cells = new Map(
    wanted.flatMap(({ name, nfe }) =>
      nfe.map((count) => [`${name} at ${count}`, cell(name, count)] as const),
    ),
  );
  const results = { tables: { [table.id]: fillTable(table, cells, subject) } };

  it("has as many of the paper's figures in every line as it has columns, or fewer", () => {
    for (const { rows } of table.blocks)
      for (const [, , figures = [], , others = {}] of rows)
        for (const line of [figures, ...Object.values(others)])
          expect((line as readonly unknown[]).length).toBeLessThanOrEqual(table.columns.length);
  });

  it("is found again, cell by cell", () => {
    for (const block of table.blocks)
      for (const [, method, , grid = block.grid] of block.rows.filter(([, name]: string[]) => name))
        for (const nfe of table.columns) {
          const row = { method, grid: block.final ? `${grid}/${block.final}` : grid };
          const at = { ...row, guidance: block.guidance ?? 1 };
          expect(savedCell(results, table, block, at, nfe)?.nfe).toBe(nfe);
        }
  });

  it("has the same verdicts from what is saved as from the cells", () => {
    for (const claim of table.claims.filter(({ time }: { time?: unknown }) => !time)) {
      const { claims } = results.tables[table.id];
      const { fd } = claims.find(({ text }: { text: string }) => text === claim.text);
      const saved = savedVerdict({ metrics: ["fd"], results }, table, claim, "fd");
      expect([claim.text, saved.verdict]).toEqual([claim.text, fd.verdict]);
      expect(saved.counts).toEqual(fd.counts);
      if (!claim.untestable) expect(fd.why).not.toBe("not measured");
    }
  });
});
