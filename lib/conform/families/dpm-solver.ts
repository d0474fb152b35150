import { z } from "zod";
import type { SampleRequest } from "../../engine/index.js";
import {
  type Adapter,
  officialProcess,
  predictionOf,
  startOf,
  strictly,
  Unsupported,
  world,
} from "../adapter.js";
import type { GoldenCase } from "../golden.js";
import { officialEnds, officialGrid, officialSkip } from "../official-grid.js";
import { correction, officialThresholding } from "../official-thresholding.js";

export const dpmSolverOptions = z.strictObject({
  name: z.enum(["dpm-solver", "dpm-solver-edm"]),
  algorithm_type: z.enum(["dpmsolver", "dpmsolver++"]),
  method: z.enum(["multistep", "singlestep", "singlestep_fixed", "adaptive"]),
  order: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  lower_order_final: z.boolean(),
  solver_type: z.enum(["dpmsolver", "taylor"]),
  orders: z.array(z.int()).optional(),
  atol: z.number().optional(),
  rtol: z.number().optional(),
  h_init: z.number().optional(),
  theta: z.number().optional(),
  t_err: z.number().optional(),
  ...officialThresholding,
});
type Options = z.output<typeof dpmSolverOptions>;

/** The official DPM-Solver code, whose lower_order_final acts below 10 steps only. */
export const dpmSolver: Adapter = (golden, file) => {
  const options = strictly(dpmSolverOptions, golden.solver, "solver");
  const lowerOrderFinal = options.lower_order_final && golden.steps < 10;
  return dpmSolverPlan(golden, file, options, lowerOrderFinal);
};

export function dpmSolverPlan(
  golden: Parameters<Adapter>[0],
  file: Parameters<Adapter>[1],
  options: Options,
  lowerOrderFinal: boolean,
): ReturnType<Adapter> {
  const prediction = options.algorithm_type === "dpmsolver++" ? "data" : "noise";
  return {
    denoiser: world(file, officialProcess(golden), predictionOf(golden)),
    request: {
      ...startOf(golden, file),
      ...solverOf(golden, options, lowerOrderFinal),
      ...correction(options, prediction),
    },
  };
}

function solverOf(
  golden: GoldenCase,
  options: Options,
  lowerOrderFinal: boolean,
): Pick<SampleRequest, "solver" | "steps" | "grid"> {
  const { order, method, solver_type } = options;
  const family = options.algorithm_type === "dpmsolver++" ? "dpm-solver++" : "dpm-solver";
  const correction = solver_type === "taylor" ? "heun" : "midpoint";
  const skip = strictly(officialSkip, golden.schedule, "schedule");
  if (method === "adaptive") {
    if (order === 1) throw new Unsupported("adaptive steps of order 1");
    return {
      grid: { schedule: "log-snr", ...officialEnds(golden, skip) },
      solver: {
        name: `${family}-${order === 2 ? "12" : "23"}`,
        correction,
        absoluteTolerance: options.atol,
        relativeTolerance: options.rtol,
        firstStep: options.h_init,
        safety: options.theta,
        // Not limited in the official code.
        maximumGrowth: Number.MAX_VALUE,
        endTolerance: options.t_err,
        errorNorm: "batch",
      },
    };
  }
  const common = { steps: golden.steps, grid: officialGrid(golden, skip) };
  if (order === 1) return { ...common, solver: `${family}-1` };
  if (method === "multistep") {
    return {
      ...common,
      solver: { name: `${family}-${order}m`, correction, lowerOrderFinal, ...released(order) },
    };
  }
  const orders = method === "singlestep" ? "mixed" : "fixed";
  return { ...common, solver: { name: `${family}-${order}s`, correction, orders } };
}

const released = (order: 2 | 3) => (order === 3 ? { variant: "released" } : {});
