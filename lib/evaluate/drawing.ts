import type { LimitFunction } from "p-limit";
import { modelRowsPerSample, type Samples } from "../engine/index.js";
import { throwIfAborted } from "../errors.js";
import type { Vector } from "../native/index.js";
import type { CellRequest } from "./cell.js";
import { type Draws, withDraws } from "./draws.js";
import { batchRows, type Drawer } from "./subject.js";

/** All samples of a cell, seed after seed. */
export interface Drawn {
  readonly samples: Vector;
  readonly nfe: number;
  readonly seconds: number;
  readonly modelSeconds: number;
}

export interface DrawingOptions {
  /** Runs so many tasks at once, in the order they came. */
  readonly limit: LimitFunction;
  readonly signal: AbortSignal | undefined;
  /** Told how many samples a finished part has. */
  readonly onSamples?: ((count: number) => void) | undefined;
}

/**
 * Draws the samples of every seed in parts that fill one model call each; as many parts at once as `limit` lets.
 * Noise is keyed by seed and sample, so the parts do not change it.
 */
export async function drawAll(
  drawer: Drawer,
  request: CellRequest,
  draws: Draws,
  size: number,
  { limit, signal, onSamples }: DrawingOptions,
): Promise<Drawn> {
  const { samples: perSeed, seeds } = draws;
  const rows = batchRows / modelRowsPerSample(request.guidance);
  const data = new (request.dtype === "float64" ? Float64Array : Float32Array)(seeds.length * perSeed * size);
  const parts: Promise<Samples>[] = [];
  for (const [s, seed] of seeds.entries()) {
    for (let first = 0; first < perSeed; first += rows) {
      const end = Math.min(first + rows, perSeed);
      const part = limit(async () => {
        throwIfAborted(signal, "the evaluation");
        const asked = withDraws(request, draws, seed, first, end);
        const drawn = await drawer.sample(signal ? { ...asked, signal } : asked);
        data.set(drawn.data, (s * perSeed + first) * size);
        onSamples?.(end - first);
        return drawn;
      });
      parts.push(part);
    }
  }
  // All of them, so that nothing of a failed cell still runs when the next begins.
  const settled = await Promise.allSettled(parts);
  const drawn = settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
  return {
    samples: data,
    nfe: Math.max(...drawn.map(({ nfe }) => nfe)),
    seconds: sum(drawn.map(({ timings }) => timings.total)) / 1000,
    modelSeconds: sum(drawn.map(({ timings }) => timings.model)) / 1000,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
