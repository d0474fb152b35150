import type { IiaArtifact } from "../solver/index.js";
import { table } from "./table.js";

/** What a calibration found, step by step. */
export function summary({ solver, steps, grid, settings, cost }: IiaArtifact): string[] {
  const short = (value: number) => value.toPrecision(3);
  const rows = steps.map((step, i) => [
    String(i),
    `${short(grid.sigma[i]!)} → ${short(grid.sigma[i + 1]!)}`,
    short(step.baseResidual),
    short(step.residual),
    short(step.freshBaseResidual),
    short(step.freshResidual),
    step.condition === null ? "singular" : short(step.condition),
    step.coefficients.map(short).join(" ") || "none",
  ]);
  const header = ["step", "σ/α", "base", "IIA", "base, fresh", "IIA, fresh", "condition", "coefficients"];
  return [
    `${solver.name}: mean squared distance of a step to ${settings.substeps} sub-steps, ${settings.samples} samples`,
    ...table(header, rows),
    `${cost.modelRows} model evaluations in ${cost.modelCalls} calls, ${cost.seconds.toFixed(1)} s`,
  ];
}
