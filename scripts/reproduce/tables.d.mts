/** A paper's table as papers/*.mjs define it. */
export interface PaperTable {
  readonly id: string;
  readonly columns: readonly number[];
  readonly lines?: {
    readonly paper?: string;
    readonly others?: readonly { readonly key: string; readonly label: string; readonly other?: boolean }[];
  };
  readonly blocks: readonly {
    readonly title: string;
    readonly grid: string;
    readonly guidance?: number;
    readonly rows: readonly (readonly unknown[])[];
  }[];
}

export function paperShows(
  table: PaperTable,
  claim: { readonly block?: number },
): (mine: string, other: string, calls: number) => boolean;
