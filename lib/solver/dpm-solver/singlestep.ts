import { z } from "zod";
import { requireArgument } from "../../errors.js";
import type { PredictionForm } from "../../process/index.js";
import type { GridMaker } from "../../schedule/index.js";
import { isLogSnr } from "../../schedule/registry.js";
import type { Correction } from "../exponential-step.js";
import { defineSolver, type MeasuredOrder, type Run, type SolverGrid, type Step } from "../solver.js";
import { correction, solverName, solverTitle } from "./options.js";
import { evaluateStages, finalTerms, type Order, type Stages } from "./stages.js";

/** DPM-Solver-1, -2 and -3 and their data-prediction siblings: inner nodes placed by the grid's own rule. */
async function* singlestep(
  run: Run,
  prediction: PredictionForm,
  highest: Order,
  correction: Correction,
): AsyncGenerator<Step, void> {
  const { process, grid, steps, x, combine } = run;
  const predictions = run.vectors(highest);
  for (const step of steps) {
    const { from, to } = step;
    const order = to.sigma === 0 ? 1 : ((grid.orders?.[step.index] ?? highest) as Order);
    const nodes = order === 1 ? [from] : grid.rule(process, from, to, order).slice(0, order);
    const stages: Stages = { x, from, predictions, lambdas: nodes.map(({ lambda }) => lambda) };
    await evaluateStages(run, prediction, stages, nodes);
    combine(x, ...finalTerms(prediction, stages, to, order, correction));
    yield step;
  }
}

/**
 * Orders that spend a budget of evaluations exactly (DPM-Solver-fast, Lu et al. 2022a, App. D.3): as many full steps as
 * fit, the rest of lower order at the end. For order 3 and budgets that 3 divides the end is 2, 1.
 */
export function mixedOrders(budget: number, order: Order): number[] {
  if (order === 3 && budget > 0 && budget % 3 === 0)
    return [...new Array<number>(budget / 3 - 1).fill(3), 2, 1];
  const rest = budget % order;
  return [...new Array<number>(Math.floor(budget / order)).fill(order), ...(rest > 0 ? [rest] : [])];
}

/** The same on a grid that may end with a step to σ = 0, which is of first order. */
export function mixedOrdersOn({ toZero }: GridMaker, budget: number, order: Order): number[] {
  return toZero ? [...mixedOrders(budget - 1, order), 1] : mixedOrders(budget, order);
}

/**
 * The outer grid. On log-SNR the steps are equal; on other schedules there is a node for each evaluation, and every
 * step takes as many intervals as its order: both as in the official code.
 */
function mixedGrid(make: GridMaker, budget: number, order: Order): SolverGrid {
  const fine = make(budget);
  const orders = mixedOrdersOn(make, budget, order);
  if (isLogSnr(fine.name)) return { ...make(orders.length), orders };
  const levels = [fine.levels[0]!];
  let node = 0;
  for (const intervals of orders) {
    node += intervals;
    levels.push(fine.levels[node]!);
  }
  return { ...fine, levels, orders };
}

function fixedGrid(make: GridMaker, budget: number, order: Order): SolverGrid {
  requireArgument(
    budget >= order,
    "steps",
    `steps counts evaluations, and a step of order ${order} takes ${order}; received ${budget}`,
  );
  return make(Math.floor(budget / order));
}

/** Third order survives an end of second order, and not one of first. */
export function mixedOrder(order: Order): MeasuredOrder | undefined {
  if (order < 3) return undefined;
  return { order, reason: "for 2, 5, 8, ... evaluations; 2 for others, whose last step is first order" };
}

/** How a budget of evaluations is spent: all of it with lower orders at the end, or in whole steps only. */
export type Spending = "mixed" | "fixed";

/** The outer grid of a single-step solver for a budget of evaluations. */
export function singlestepGrid(
  make: GridMaker,
  budget: number,
  order: Order,
  spending: Spending,
): SolverGrid {
  return spending === "mixed" ? mixedGrid(make, budget, order) : fixedGrid(make, budget, order);
}

export function singlestepEvaluations(budget: number, order: Order, spending: Spending): number {
  return spending === "mixed" ? budget : Math.floor(budget / order) * order;
}

const source = {
  noise: { 2: "Lu et al. 2022a, Algorithm 1", 3: "Lu et al. 2022a, Algorithm 2" },
  data: { 2: "Lu et al. 2022b, Algorithm 1", 3: "Lu et al. 2022b, third-order single step" },
} as const;

const definition = (prediction: PredictionForm, order: 2 | 3) =>
  defineSolver({
    name: `${solverName(prediction)}-${order}s`,
    title: `${solverTitle(prediction)} ${order}S`,
    source: source[prediction][order],
    stochastic: false,
    options: z.strictObject({
      correction: correction.describe(
        order === 2
          ? "second-order term: half of the first-order one, or its exact integral (upstream's taylor)"
          : "midpoint: the paper's last formula; heun: the exact integral over all inner predictions (upstream's taylor)",
      ),
      orders: z
        .enum(["mixed", "fixed"])
        .default("mixed")
        .describe(
          `steps counts evaluations: spend all of them, ending with a lower order where ${order} does not divide them evenly, or take steps/${order} steps of order ${order}`,
        ),
    }),
    order: () => order,
    orderCases: [{ correction: "heun" }, { orders: "fixed" }],
    measuredOrder: ({ orders }) => (orders === "mixed" ? mixedOrder(order) : undefined),
    evaluations: (steps, { orders }) => singlestepEvaluations(steps, order, orders),
    vectors: () => order,
    predicts: prediction,
    grid: (make, steps, { orders }) => singlestepGrid(make, steps, order, orders),
    sample: (run, { correction }) => singlestep(run, prediction, order, correction),
  });

export const dpmSolverSinglestep = (["noise", "data"] as const).flatMap((prediction) => [
  definition(prediction, 2),
  definition(prediction, 3),
]);
