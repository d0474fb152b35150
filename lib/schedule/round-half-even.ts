/** Rounds to the nearest integer, ties to the even one, as numpy.round and Python's round do. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
