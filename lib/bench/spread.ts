/** The middle of some measurements, and their quartiles. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => {
    const place = part * (sorted.length - 1);
    const below = Math.floor(place);
    return sorted[below]! + (place - below) * (sorted[Math.ceil(place)]! - sorted[below]!);
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

export function median(values: readonly number[]): number {
  return spreadOf(values).median;
}
