import { Command } from "commander";
import { type CommonOptions, type Context, printJson, printLine } from "../context.js";
import type { OrderDescription, SolverDescription } from "../describe-solver.js";
import { table } from "../table.js";

export function solversCommand(context: Context): Command {
  return new Command("solvers")
    .description("List the solvers, or print one with its options.")
    .argument("[name]", "a solver's name")
    .addHelpText("after", examples)
    .action((name: string | undefined, options: CommonOptions) => run(name, options, context));
}

const examples = `
Examples:
  quench solvers
  quench solvers ddim
  quench sample models/digits --solver ddim --option eta=1 --steps 50`;

async function run(name: string | undefined, { json }: CommonOptions, { stdout }: Context): Promise<void> {
  const [{ solvers, findSolver }, { describeSolver }] = await Promise.all([
    import("../../solver/index.js"),
    import("../describe-solver.js"),
  ]);
  if (name !== undefined) {
    const solver = describeSolver(findSolver(name));
    if (json) printJson(stdout, solver);
    else for (const line of details(solver)) printLine(stdout, line);
    return;
  }
  const all = [...solvers.values()].map(describeSolver);
  if (json) return printJson(stdout, { solvers: all });
  const rows = all.map((solver) => [
    solver.name,
    String(solver.order),
    solver.evaluations,
    solver.stochastic,
    solver.vectors,
    solver.source,
  ]);
  for (const line of table(["NAME", "ORDER", "NFE IN N STEPS", "STOCHASTIC", "VECTORS", "SOURCE"], rows))
    printLine(stdout, line);
}

function orderRow({ options, claimed, measured }: OrderDescription): [string, string] {
  const given = Object.entries(options).map(([key, value]) => ` ${key}=${String(value)}`);
  const found = measured ? `, measured ${measured.order}: ${measured.reason}` : "";
  return [`order${given.join("")}`, `${claimed}${found}`];
}

function details(solver: SolverDescription): string[] {
  const facts = table(
    [solver.name, solver.title],
    [
      ["source", solver.source],
      ...solver.orders.map(orderRow),
      ["NFE in N steps", solver.evaluations],
      ["stochastic", solver.stochastic],
      ["vectors held", `${solver.vectors} besides the state`],
      ["predicts", solver.predicts],
      ["fewest steps", String(solver.minimumSteps)],
      ["grid ends at", solver.final === "zero" ? "zero" : "sigma-min"],
    ],
  );
  if (solver.options.length === 0) return [...facts, "", "No options."];
  const options = solver.options.map(({ name, type, required, default: value, description }) => [
    name,
    type,
    required ? "required" : String(value ?? "none"),
    description,
  ]);
  return [...facts, "", ...table(["OPTION", "TYPE", "DEFAULT", ""], options)];
}
