import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../io/index.js";
import { type GridRequest, type RiskArtifact, riskSchema, schedules } from "../schedule/index.js";
import type { ParsedPlan } from "./plan.js";
import type { Subject } from "./subject.js";

/** The risk curve in a model's folder, if there is one. */
export async function modelRisk({ folder }: Subject): Promise<RiskArtifact | undefined> {
  const path = folder === undefined ? undefined : join(folder, "risk.json");
  if (path === undefined || !existsSync(path)) return undefined;
  return readJson(path, riskSchema, { code: "INVALID_ARTIFACT", maximumBytes: 2 ** 28 });
}

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

function withRisk(grid: ByName, risk: RiskArtifact): GridRequest {
  return typeof grid === "string" ? { schedule: grid, risk } : { ...grid, risk };
}
