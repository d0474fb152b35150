/** A ratio of inner products; 1 where the denominator vanishes, as for identical predictions. */
export function ratioOrOne(numerator: number, denominator: number): number {
  return denominator === 0 ? 1 : numerator / denominator;
}

export function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
