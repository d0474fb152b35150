import type { Evaluation } from "../evaluate.js";

const header = [
  "method",
  "asked_by",
  "asked",
  "steps",
  "nfe",
  "samples",
  "seeds",
  "metric",
  "value",
  "low",
  "high",
  "standard_error",
  "per_seed",
  "seconds",
  "model_seconds",
  "key",
];

/** One line per cell and metric, with what tells the cells apart. */
export function csvReport({ cells, metrics }: Evaluation): string {
  const lines = cells.flatMap((cell) =>
    metrics.flatMap((metric) => {
      const found = cell.metrics[metric];
      if (!found) return [];
      const { method, column, steps, nfe, samples, seeds, seconds, modelSeconds, key } = cell;
      const { value, low, high, standardError, perSeed } = found;
      return [
        [method, column.by, column.count, steps, nfe, samples, seeds.join(" "), metric, value, low, high]
          .concat([standardError, perSeed.join(" "), seconds.toFixed(3), modelSeconds.toFixed(3), key])
          .map(field)
          .join(","),
      ];
    }),
  );
  return [header.join(","), ...lines, ""].join("\n");
}

/** RFC 4180: quoted where it must be. */
function field(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
