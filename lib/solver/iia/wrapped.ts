import type { Vector } from "../../device/index.js";
import { QuenchError } from "../../errors.js";
import type { Run, SolverDefinition, Step, Term } from "../solver.js";
import type { IiaMember } from "./member.js";
import type { FormStep, Quantity } from "./step-form.js";

/**
 * Runs a solver as it is, but for the last write of the state in each step, whose terms are the step's form in place of
 * being done. Any other call before the step's end first does what was held back. Where that is the model's evaluation
 * at the step's end, no form is left: the first step may be so, where there is no history yet; others are refused.
 */
function withheldUpdates(
  run: Run,
  base: SolverDefinition,
  options: Record<string, unknown>,
  quantitiesOf: (terms: readonly Term[], step: Step) => Quantity[],
): FormStep {
  let held: readonly Term[] = [];
  const settle = () => {
    if (held.length > 0) run.combine(run.x, ...held);
    held = [];
  };
  const first =
    <Arguments extends unknown[], Result>(call: (...given: Arguments) => Result) =>
    (...given: Arguments): Result => {
      settle();
      return call(...given);
    };
  const steps = base.sample(
    {
      ...run,
      data: first(run.data),
      unthresholded: first(run.unthresholded),
      noise: first(run.noise),
      threshold: first(run.threshold),
      gram: first(run.gram),
      decide: first(run.decide),
      normals: first(run.normals),
      fill: first(run.fill),
      scaledErrors: first(run.scaledErrors),
      combine: first((out: Vector, ...terms: readonly Term[]) => {
        if (out === run.x) held = terms;
        else run.combine(out, ...terms);
      }),
    },
    options,
  );
  return async (step) => {
    await steps.next();
    const terms = held;
    held = [];
    if (terms.length === 0 && !step.isFirst) {
      throw new QuenchError(
        "INVALID_ARGUMENT",
        `"${base.name}" with these options evaluates the model at the end of a step before the step is over: ` +
          "it is too late for coefficients then",
        { where: "solver" },
      );
    }
    return { base: terms, quantities: step.to.sigma > 0 ? quantitiesOf(terms, step) : [] };
  };
}

/** The vectors of a step's combine, each once. Those weighed element by element are left out: they hold statistics too. */
function vectorsOf(terms: readonly Term[]): Quantity[] {
  const plain = terms.filter(
    ([coefficient]) => typeof coefficient === "number" || !("perElement" in coefficient),
  );
  return [...new Set(plain.map(([, vector]) => vector))].map((vector) => [[1, vector]]);
}

/**
 * Any deterministic solver whose step ends in a combine, with a coefficient before every vector of it: c_k + φ_k. Goes
 * beyond the paper. It holds what the solver holds and makes no pass of its own.
 */
export function wrapped(base: SolverDefinition): IiaMember {
  return {
    name: `iia:${base.name}`,
    title: `IIA of ${base.title}`,
    source: `IIA (Zhang et al. 2024), on ${base.source}`,
    base,
    options: base.options,
    baseOptions: (options) => options,
    history: () => 0,
    vectors: (options, steps) => base.vectors(options, steps),
    substeps: 10,
    start: (run, options) => withheldUpdates(run, base, options, vectorsOf),
  };
}

/** A named member made of a solver's own step, with quantities chosen among its vectors. */
export function wrappedAs(
  named: Pick<IiaMember, "name" | "title" | "source" | "substeps">,
  base: SolverDefinition,
  quantitiesOf: (terms: readonly Term[], step: Step) => Quantity[],
): IiaMember {
  return {
    ...wrapped(base),
    ...named,
    start: (run, options) => withheldUpdates(run, base, options, quantitiesOf),
  };
}
