import { z } from "zod";
import { QuenchError, requireArgument } from "../errors.js";
import type { SolverDefinition } from "../solver/index.js";

/** A definition, whatever its options are. */
export type AnySolver = Omit<SolverDefinition<never>, "options" | "orderCases"> & {
  readonly options: z.ZodObject;
  readonly orderCases?: readonly object[];
};

/** A solver that the caller defines, in a request: its definition, or its definition with options. */
export type CustomSolver = AnySolver | { readonly definition: AnySolver; readonly [option: string]: unknown };

export interface GivenSolver {
  readonly solver: SolverDefinition;
  /** As given: not yet checked. */
  readonly options: Record<string, unknown>;
}

/**
 * The definition and the options of a request's solver, where it is a custom one.
 * @returns undefined for the name of a registered solver, with options or without
 * @throws QuenchError INVALID_ARGUMENT where it is no definition
 */
export function customSolver(asked: unknown): GivenSolver | undefined {
  if (!isCustomSolver(asked)) return undefined;
  const { definition, ...options } = "definition" in asked ? asked : { definition: asked };
  const solver = definition as unknown as SolverDefinition;
  const whole =
    typeof solver?.name === "string" &&
    typeof solver.sample === "function" &&
    solver.options instanceof z.ZodObject &&
    [solver.grid, solver.check].every((member) => member === undefined || typeof member === "function");
  requireArgument(
    whole,
    "solver",
    "expected a definition with a name, options (a zod object) and sample(), and functions as grid and check where it has them",
  );
  return { solver, options };
}

/**
 * A custom solver is code, and stays in the process whose code it is.
 * @throws QuenchError INVALID_ARGUMENT
 */
export function requireNamedSolver<Solver>(asked: Solver): asserts asked is Exclude<Solver, CustomSolver> {
  if (!isCustomSolver(asked)) return;
  throw new QuenchError(
    "INVALID_ARGUMENT",
    "a custom solver is code and runs only in the process that defines it: pass it to sample(), sampleSteps() or " +
      "new Engine(); everywhere else name a registered solver, with or without options",
    { where: "solver" },
  );
}

function isCustomSolver(asked: unknown): asked is CustomSolver {
  if (typeof asked !== "object" || asked === null) return false;
  return "definition" in asked || ("sample" in asked && typeof asked.sample === "function");
}
