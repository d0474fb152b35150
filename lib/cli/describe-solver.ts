import { z } from "zod";
import type { SolverDefinition } from "../solver/index.js";

/** A registry entry in plain values, for `quench solvers` and docs/solvers.md. */
export interface SolverDescription {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** Claimed for the ODE with the options' defaults. */
  readonly order: number;
  /** Orders of the defaults and of other option sets worth telling apart. */
  readonly orders: readonly OrderDescription[];
  readonly stochastic: "yes" | "no" | "yes by default" | "no by default";
  /** Model evaluations for N steps with the defaults. */
  readonly evaluations: string;
  /** Vectors held besides the state, with the defaults. */
  readonly vectors: string;
  readonly predicts: string;
  readonly minimumSteps: number;
  readonly final: "min" | "zero";
  readonly options: readonly OptionDescription[];
}

export interface OrderDescription {
  /** The options that differ from the defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly claimed: number;
  /** The order measured where it is another, and why. */
  readonly measured: { readonly order: number; readonly reason: string } | null;
}

export interface OptionDescription {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default: unknown;
  readonly description: string;
}

export function describeSolver(solver: SolverDefinition): SolverDescription {
  const schemas = Object.entries(solver.options.shape as Record<string, z.ZodType>);
  const options = schemas.map(([name, schema]) => describeOption(name, schema));
  // What a registry entry says of itself rests on options that have defaults, never on measured files.
  const defaults = Object.fromEntries(options.map(({ name, default: value }) => [name, value]));
  const { predicts, stochastic } = solver;
  return {
    name: solver.name,
    title: solver.title,
    source: solver.source,
    order: solver.order(defaults),
    orders: [{}, ...(solver.orderCases ?? [])].map((given) => describeOrder(solver, defaults, given)),
    stochastic:
      typeof stochastic === "boolean" ? yesOrNo(stochastic) : `${yesOrNo(stochastic(defaults))} by default`,
    evaluations: formula((steps) => solver.evaluations(steps, defaults)),
    vectors: formula((steps) => solver.vectors(defaults, steps)),
    predicts: typeof predicts === "function" ? predicts(defaults) : predicts,
    minimumSteps: solver.minimumSteps ?? 1,
    final: solver.final ?? "min",
    options,
  };
}

function yesOrNo(value: boolean): "yes" | "no" {
  return value ? "yes" : "no";
}

type Values = Readonly<Record<string, unknown>>;

function describeOrder(solver: SolverDefinition, defaults: Values, given: Values): OrderDescription {
  const options = { ...defaults, ...given };
  return {
    options: given,
    claimed: solver.order(options),
    measured: solver.measuredOrder?.(options) ?? null,
  };
}

/** A count as a·N + b where it is linear in N, else by its values at some N. */
function formula(countFor: (steps: number) => number | undefined): string {
  const at = [6, 10, 13, 20, 31].map((steps) => [steps, countFor(steps)] as const);
  if (at.some(([, value]) => value === undefined)) return "by error control";
  const [[, atSix], [, atTen]] = at as unknown as [[number, number], [number, number]];
  const slope = (atTen - atSix) / 4;
  const offset = atTen - 10 * slope;
  if (at.some(([steps, value]) => value !== slope * steps + offset)) {
    return at.map(([steps, value]) => `${value} (N = ${steps})`).join(", ");
  }
  if (slope === 0) return String(offset);
  const tail = offset === 0 ? "" : offset > 0 ? ` + ${offset}` : ` - ${-offset}`;
  return `${slope === 1 ? "" : slope}N${tail}`;
}

/** A member of an options or request schema. */
export function describeOption(name: string, schema: z.ZodType): OptionDescription {
  const parsed = schema.safeParse(undefined);
  const json = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === "bigint") Object.assign(jsonSchema, { type: "bigint" });
    },
  });
  return {
    name,
    type: typeOf(json),
    required: !parsed.success,
    default: parsed.data,
    description: json.description ?? "",
  };
}

function typeOf(json: z.core.JSONSchema.BaseSchema): string {
  if (json.enum) return json.enum.map(String).join(" | ");
  if (json.const !== undefined) return String(json.const);
  const branches = json.anyOf ?? json.oneOf;
  if (branches) {
    const types = branches.map((branch) => typeOf(branch as z.core.JSONSchema.BaseSchema));
    return [...new Set(types)].join(" | ");
  }
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
