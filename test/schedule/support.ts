import type { RiskArtifact } from "../../lib/schedule/index.js";

/** Random numbers in [0, 1) that are the same in every run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The exact risk of data N(0, c² I) in d dimensions. */
export function gaussianRisk(sigma: readonly number[], c: number, dimensions = 1): RiskArtifact {
  return {
    kind: "risk",
    sigma: [...sigma],
    risk: sigma.map((s) => (dimensions * c * c * s * s) / (c * c + s * s)),
  };
}

/** Levels from `high` to `low`, evenly in ln σ̃, increasing. */
export function geometric(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => low * (high / low) ** (i / (count - 1)));
}
