import {
  describeSolver,
  type OrderDescription,
  type SolverDescription,
} from "../../lib/cli/describe-solver.js";
import type { SolverDefinition } from "../../lib/solver/index.js";
import { otherNames } from "../../lib/solver/other-names.js";
import { inCell, table } from "../markdown.mjs";

/**
 * docs/solvers.md, from the registry. Written by `npm run docs`; a test compares the committed page with it.
 * @param runs runs of reference code that each solver is compared with
 */
export function solversPage(solvers: Iterable<SolverDefinition>, runs: ReadonlyMap<string, number>): string {
  const all = [...solvers].map(describeSolver);
  const lines = [
    "<!-- Written by `npm run docs` from lib/solver/registry.ts. Do not edit. -->",
    "",
    "# Solvers",
    "",
    "Every solver of the registry. `quench solvers` prints the same table, `quench solvers NAME` a solver with its",
    'options; in a request a solver is its name, or its name with options: `{ name: "ddim", eta: 1 }`.',
    "",
    "**Order** is the convergence order claimed for the deterministic equation, and measured by the tests in",
    "`test/solver/`; where another order was measured it is given with the reason. **NFE** counts model evaluations per",
    "sample in N steps on a grid that ends as the solver's own does: a step to zero, where no prediction is wanted at its end,",
    "takes up to three calls less than another. **Vectors** are held besides the state, for peak memory. All with default",
    "options.",
    "**Reference runs** counts the recorded runs of other code (the authors', k-diffusion, diff-sampler, diffusers) in",
    "`test/golden` that the solver repeats, with whatever options. A solver without any is tested by its order or, where",
    "it is stochastic, by what it draws, and most of them against their papers' formulas written out a second time.",
    "",
    "Solvers of several steps begin with steps of lower order, which does not show where sampling begins at nearly pure",
    "noise, as the tests' does: predictions hardly change there. From lower levels on (σ/α = 14.6 with Stable Diffusion's",
    "table) many of orders above 2 come down to 2 as steps become many; `unipc` of order 3 and single-step solvers do not.",
    "",
    "Grids of a model that takes whole timesteps are made of them. Solvers that evaluate inside a step do so between:",
    "such a model is asked at the nearest timestep, up to half of one from where the solver reckons it.",
    "",
    table(
      [
        "Solver",
        "Order",
        "NFE in N steps",
        "Stochastic",
        "Vectors",
        "Predicts",
        "Reference runs",
        "Paper and equation",
      ],
      all.map((solver) => [
        `[\`${solver.name}\`](#${anchor(solver.name)})`,
        orderCell(solver),
        solver.evaluations,
        solver.stochastic,
        solver.vectors,
        solver.predicts,
        String(runs.get(solver.name) ?? "none"),
        solver.source,
      ]),
    ),
    "",
    "## Names elsewhere",
    "",
    "k-diffusion's functions (and ComfyUI's samplers) and diffusers' classes by the solver nearest to them. A request takes",
    'our names only, and a name from here is answered with ours; `solver: "scheduler"` does what a',
    "[`scheduler_config.json`](diffusers.md) says, options and all.",
    "",
    table(
      ["Solver", "Elsewhere"],
      Object.entries(otherNames).map(([name, others]) => [
        `[\`${name}\`](#${anchor(name)})`,
        others.map((other) => `\`${other}\``).join(", "),
      ]),
    ),
    ...all.flatMap(section),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function orderCell({ order, orders }: SolverDescription): string {
  const measured = orders[0]?.measured;
  return measured && measured.order !== order ? `${order} (measured ${measured.order})` : String(order);
}

function section(solver: SolverDescription): string[] {
  const facts = [
    `${solver.title}. ${solver.source}.`,
    `Ends at ${solver.final === "zero" ? "zero noise" : "the model's smallest noise level"} unless the request's grid says otherwise.`,
    ...(solver.minimumSteps > 1 ? [`Needs at least ${solver.minimumSteps} steps.`] : []),
  ];
  const options =
    solver.options.length === 0
      ? "No options."
      : table(
          ["Option", "Type", "Default", "Meaning"],
          solver.options.map(({ name, type, required, default: value, description }) => [
            `\`${name}\``,
            inCell(type),
            required ? "required" : `\`${String(value ?? "none")}\``,
            inCell(description),
          ]),
        );
  const worthTelling = solver.orders.length > 1 || solver.orders.some(({ measured }) => measured);
  const orders = worthTelling
    ? ["", table(["Options", "Order", "Measured"], solver.orders.map(orderRow))]
    : [];
  return [
    "",
    `<a id="${anchor(solver.name)}"></a>`,
    "",
    `## ${solver.name}`,
    "",
    ...facts,
    "",
    options,
    ...orders,
  ];
}

function orderRow({ options, claimed, measured }: OrderDescription): string[] {
  const given = Object.entries(options).map(([key, value]) => `\`${key}: ${JSON.stringify(value)}\``);
  return [
    given.join(", ") || "defaults",
    String(claimed),
    measured ? `${measured.order}: ${inCell(measured.reason)}` : "as claimed",
  ];
}

/** GitHub's own anchors drop the plus signs that tell some names apart. */
function anchor(name: string): string {
  return name.replaceAll("+", "p");
}
