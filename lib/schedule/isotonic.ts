/**
 * The non-decreasing sequence nearest to `values` in weighted least squares: pool adjacent violators, O(n).
 * @param weights positive, one per value; all 1 where left out
 */
export function isotonicRegression(values: readonly number[], weights?: readonly number[]): number[] {
  const blocks: { sum: number; weight: number; count: number }[] = [];
  for (const [i, value] of values.entries()) {
    const weight = weights?.[i] ?? 1;
    let block = { sum: value * weight, weight, count: 1 };
    for (let before = blocks.at(-1); before; before = blocks.at(-1)) {
      if (before.sum / before.weight <= block.sum / block.weight) break;
      blocks.pop();
      block = {
        sum: before.sum + block.sum,
        weight: before.weight + block.weight,
        count: before.count + block.count,
      };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ sum, weight, count }) => Array<number>(count).fill(sum / weight));
}
