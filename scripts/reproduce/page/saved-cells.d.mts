import type { PaperTable } from "../tables.mjs";
import type { Claim, Verdict } from "../verdict.mjs";

interface SavedResults {
  readonly tables: Readonly<Record<string, unknown>>;
}

export function savedCell(
  results: SavedResults,
  table: PaperTable,
  block: { readonly title: string },
  row: { readonly method: string; readonly grid: string; readonly guidance: number },
  calls: number,
): Readonly<Record<string, unknown>> | undefined;

export function savedVerdict(
  model: { readonly metrics: readonly string[]; readonly results: SavedResults },
  table: PaperTable,
  claim: Claim & { readonly text: string; readonly block?: number },
  metric: string,
): Verdict;
