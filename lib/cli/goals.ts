import type { Goal } from "../bench/goals.js";
import { type Output, printLine } from "./context.js";

/** What a bench promised, and whether this run kept it. */
export function printGoals(output: Output, goals: readonly Goal[]): void {
  for (const { name, goal, value, met } of goals)
    printLine(output, `${met ? "met   " : "MISSED"}  ${name}: ${value.toFixed(3)} (${goal})`);
}
