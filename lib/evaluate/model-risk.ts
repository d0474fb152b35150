import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../io/index.js";
import { type GridRequest, type RiskArtifact, riskSchema, schedules } from "../schedule/index.js";
import type { ParsedPlan } from "./plan.js";
import type { Subject } from "./subject.js";

/** Gives the schedules that want a risk curve the one in the model's folder, where the plan brings none. */
export async function withModelRisk(plan: ParsedPlan, { folder }: Subject): Promise<ParsedPlan> {
  const path = folder === undefined ? undefined : join(folder, "risk.json");
  if (path === undefined || !existsSync(path) || !plan.methods.some(({ grid }) => wantsRisk(grid)))
    return plan;
  const risk = await readJson(path, riskSchema, { code: "INVALID_ARTIFACT", maximumBytes: 2 ** 28 });
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

function withRisk(grid: ByName, risk: RiskArtifact): GridRequest {
  return typeof grid === "string" ? { schedule: grid, risk } : { ...grid, risk };
}
