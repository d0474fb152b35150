import { z } from "zod";
import type { SolverDefinition } from "../solver/index.js";

/** A registry entry in plain values, for `quench solvers` and docs/solvers.md. */
export interface SolverDescription {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** With the options' defaults; null where it depends on an option that has none. */
  readonly order: number | null;
  readonly stochastic: "yes" | "no" | "by option";
  /** Model evaluations for N steps. */
  readonly evaluations: string;
  /** Vectors held besides the state. */
  readonly vectors: number | null;
  readonly predicts: string;
  readonly minimumSteps: number;
  readonly final: "min" | "zero";
  readonly options: readonly OptionDescription[];
}

export interface OptionDescription {
  readonly name: string;
  readonly type: string;
  readonly default: unknown;
  readonly description: string;
}

export function describeSolver(solver: SolverDefinition): SolverDescription {
  const defaults = solver.options.safeParse({});
  const withDefaults = <T>(read: (options: Record<string, unknown>) => T): T | null =>
    defaults.success ? read(defaults.data) : null;
  const { predicts, stochastic } = solver;
  return {
    name: solver.name,
    title: solver.title,
    source: solver.source,
    order: withDefaults((options) => solver.order(options)),
    stochastic: typeof stochastic === "function" ? "by option" : stochastic ? "yes" : "no",
    evaluations:
      withDefaults((options) => formula((steps) => solver.evaluations(steps, options))) ?? "by option",
    vectors: withDefaults((options) => solver.vectors(options)),
    predicts: typeof predicts === "function" ? (withDefaults(predicts) ?? "by option") : predicts,
    minimumSteps: solver.minimumSteps ?? 1,
    final: solver.final ?? "min",
    options: Object.entries(solver.options.shape).map(([name, schema]) =>
      describeOption(name, schema as z.ZodType),
    ),
  };
}

/** a·N + b where the count is linear in N, else its values at some N. */
function formula(count: (steps: number) => number | undefined): string {
  if (count(10) === undefined) return "by error control";
  const evaluations = (steps: number) => count(steps) ?? Number.NaN;
  const at = [6, 10, 13, 20, 31];
  const slope = (evaluations(20) - evaluations(10)) / 10;
  const offset = evaluations(10) - 10 * slope;
  if (at.some((steps) => evaluations(steps) !== slope * steps + offset)) {
    return at.map((steps) => `${evaluations(steps)} (N = ${steps})`).join(", ");
  }
  const tail = offset === 0 ? "" : offset > 0 ? ` + ${offset}` : ` - ${-offset}`;
  if (slope === 0) return String(offset);
  return `${slope === 1 ? "" : slope}N${tail}`;
}

function describeOption(name: string, schema: z.ZodType): OptionDescription {
  const parsed = schema.safeParse(undefined);
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return {
    name,
    type: typeOf(json),
    default: parsed.success ? parsed.data : "required",
    description: json.description ?? "",
  };
}

function typeOf(json: z.core.JSONSchema.BaseSchema): string {
  if (json.enum) return json.enum.map(String).join(" | ");
  if (json.const !== undefined) return String(json.const);
  const branches = json.anyOf ?? json.oneOf;
  if (branches) return branches.map((branch) => typeOf(branch as z.core.JSONSchema.BaseSchema)).join(" | ");
  if (json.type === "array") return "list";
  return `${String(json.type ?? "any")}${range(json)}`;
}

function range(json: z.core.JSONSchema.BaseSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = json;
  const safe = (bound: number | undefined) =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined;
  const [low, above] = [safe(minimum), safe(exclusiveMinimum as number | undefined)];
  const [high, below] = [safe(maximum), safe(exclusiveMaximum as number | undefined)];
  const bounds = [
    low !== undefined ? `>= ${low}` : above !== undefined ? `> ${above}` : "",
    high !== undefined ? `<= ${high}` : below !== undefined ? `< ${below}` : "",
  ].filter((bound) => bound !== "");
  return bounds.length > 0 ? ` ${bounds.join(", ")}` : "";
}
