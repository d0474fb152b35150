import type { NpyArray } from "../io/index.js";
import type { Vector } from "../native/index.js";
import type { Draws } from "./draws.js";
import type { Measured, Need } from "./metric/metric.js";
import type { CellArrays } from "./store.js";

/** Per-sample numbers of all seeds, one after the other. */
export interface PerSample {
  readonly size: number;
  readonly shown: Vector;
  readonly samples?: Vector;
  readonly features?: Float32Array;
  readonly dimension?: number;
  readonly logits?: Float32Array;
  readonly classes?: number;
  readonly errors?: Float64Array;
}

/** Those of one seed, as metrics take them. */
export function ofSeed(all: PerSample, s: number, { samples: count, labels }: Draws): Measured {
  const part = <T extends Vector>(values: T, width: number) =>
    values.subarray(s * count * width, (s + 1) * count * width) as T;
  return {
    count,
    size: all.size,
    labels,
    ...(all.samples ? { samples: part(all.samples, all.size) } : {}),
    ...(all.features ? { features: part(all.features, all.dimension!) } : {}),
    ...(all.logits ? { logits: part(all.logits, all.classes!) } : {}),
    ...(all.errors ? { errors: part(all.errors, 1) } : {}),
  };
}

/** Those that a cell keeps. */
export function perSampleFrom(arrays: CellArrays, size: number): PerSample {
  const [shown, samples, features, logits, errors] = ["shown", "samples", "features", "logits", "errors"].map(
    (name) => arrays.get(name),
  );
  return {
    size,
    shown: shown?.data as Vector,
    ...(samples ? { samples: samples.data as Vector } : {}),
    ...(features ? { features: features.data as Float32Array, dimension: features.shape[1]! } : {}),
    ...(logits ? { logits: logits.data as Float32Array, classes: logits.shape[1]! } : {}),
    ...(errors ? { errors: errors.data as Float64Array } : {}),
  };
}

/** Whether a metric can be measured of them. */
export function suffices({ samples, features, logits, errors }: PerSample, needs: readonly Need[]): boolean {
  const kept: Record<Need, unknown> = {
    ...{ "reference statistics": features, "real samples": features, logits, labels: true },
    ...{ truth: samples, density: samples, modes: samples, bins: samples, reference: errors },
  };
  return needs.every((need) => kept[need] !== undefined);
}

/** As a cell keeps them. */
export function arraysOf({
  size,
  shown,
  samples,
  features,
  dimension,
  logits,
  classes,
  errors,
}: PerSample): Map<string, NpyArray> {
  const table = (data: Vector, width: number): NpyArray => ({ data, shape: [data.length / width, width] });
  const arrays = new Map<string, NpyArray>([["shown", table(shown, size)]]);
  if (samples) arrays.set("samples", table(samples, size));
  if (features) arrays.set("features", table(features, dimension!));
  if (logits) arrays.set("logits", table(logits, classes!));
  if (errors) arrays.set("errors", { data: errors, shape: [errors.length] });
  return arrays;
}
