/** A finished cell as far as verdicts look at it. */
export interface JudgedCell {
  readonly replicates: Readonly<
    Record<string, { readonly value: number; readonly replicates: readonly number[] }>
  >;
}

export interface Verdict {
  readonly verdict: "holds" | "does not hold" | "not testable here";
  readonly counts?: Readonly<Record<string, number>>;
  readonly why?: string;
}

export interface Claim {
  readonly below?: readonly [string, readonly string[]];
  readonly near?: readonly [string, readonly string[]];
  readonly atMost?: readonly [string, number, string, number];
  readonly share?: number;
  readonly only?: readonly number[];
  readonly untestable?: string;
}

export function threshold(comparisons: number): number;
export function judge(
  claim: Claim,
  find: (name: string, calls: number) => JudgedCell | undefined,
  columns: readonly number[],
  metric: string,
  counts?: (mine: string, other: string, calls: number) => boolean,
): Verdict;

/** A comparison without a measured error. */
export interface Difference {
  readonly nfe: number;
  readonly mine: string;
  readonly other: string;
  readonly value: number;
}

export function judgeApart<Pair extends Difference>(
  pairs: readonly Pair[],
  least: (pair: Pair) => number,
  words: string,
): Verdict;
