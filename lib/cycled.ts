/** A list that may be given as its only entry. */
export function listOf(values: number | ArrayLike<number>): number[] {
  return typeof values === "number" ? [values] : Array.from(values);
}

/** `count` of the values from index `first` on, which begin anew where they end; there must be one at least. */
export function cycled<T>(values: readonly T[], count: number, first = 0): T[] {
  return Array.from({ length: count }, (_, i) => values[(first + i) % values.length]!);
}
