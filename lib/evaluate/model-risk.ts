import { type GridRequest, type RiskArtifact, schedules } from "../schedule/index.js";
import type { ParsedPlan } from "./plan.js";

/** Gives the model's risk curve to the schedules that want one and have none. */
export function withModelRisk(plan: ParsedPlan, risk: RiskArtifact | undefined): ParsedPlan {
  if (!risk) return plan;
  const methods = plan.methods.map((method) =>
    wantsRisk(method.grid) ? { ...method, grid: withRisk(method.grid, risk) } : method,
  );
  return { ...plan, methods };
}

type ByName = string | Extract<GridRequest, { readonly schedule: string }>;

function wantsRisk(grid: GridRequest | undefined): grid is ByName {
  if (grid === undefined) return false;
  if (typeof grid === "string") return schedules[grid]?.options.includes("risk") ?? false;
  return "schedule" in grid && grid.risk === undefined && wantsRisk(grid.schedule);
}

function withRisk(grid: ByName, risk: RiskArtifact): ByName {
  return typeof grid === "string" ? { schedule: grid, risk } : { ...grid, risk };
}
