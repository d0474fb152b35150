/** numpy.linspace: `count` numbers from `start` to `stop`, both included. */
export function linspace(start: number, stop: number, count: number): number[] {
  if (count === 1) return [start];
  const step = (stop - start) / (count - 1);
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? stop : i * step + start));
}

/** numpy.interp over the table's indices: linear between entries, constant beyond the ends. */
export function interpolateTable(table: ArrayLike<number>, position: number): number {
  if (position <= 0) return table[0]!;
  if (position >= table.length - 1) return table[table.length - 1]!;
  const index = Math.floor(position);
  return (table[index + 1]! - table[index]!) * (position - index) + table[index]!;
}
