import { z } from "zod";
import {
  type Adapter,
  officialProcess,
  predictionOf,
  startOf,
  strictly,
  Unsupported,
  world,
} from "../adapter.js";
import { officialSkip } from "../official-grid.js";

const solver = z.strictObject({
  name: z.literal("dpm-solver-v3"),
  order: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  p_pseudo: z.boolean(),
  use_corrector: z.boolean(),
  c_pseudo: z.boolean(),
  lower_order_final: z.boolean(),
  degenerated: z.boolean(),
  statistics_steps: z.int(),
});

const schedule = officialSkip.extend({ ems_indexes: z.array(z.int()) });

/**
 * The official DPM-Solver-v3 with the statistics that the file brings. The steps lie on the nodes that the reference
 * chose: where a time falls halfway between two, the last bits of its arithmetic decided.
 */
export const dpmSolverV3: Adapter = (golden, file) => {
  const options = strictly(solver, golden.solver, "solver");
  const { ems_indexes } = strictly(schedule, golden.schedule, "schedule");
  const ems = file.ems?.[golden.process.name];
  if (ems?.lam.length !== options.statistics_steps + 1)
    throw new Unsupported(`no statistics of ${options.statistics_steps} steps for ${golden.process.name}`);
  const table = (rows: readonly (readonly number[])[]) => Float64Array.from(rows.flat());
  return {
    denoiser: world(file, officialProcess(golden), predictionOf(golden)),
    request: {
      ...startOf(golden, file),
      solver: {
        name: "dpm-solver-v3",
        statistics: {
          nodes: ems.lam.length,
          lambda: Float64Array.from(ems.lam),
          l: table(ems.l),
          s: table(ems.s),
          b: table(ems.b),
        },
        order: options.order,
        predictor: options.p_pseudo ? "pseudo" : "taylor",
        corrector: !options.use_corrector ? "none" : options.c_pseudo ? "pseudo" : "taylor",
        lowerOrderFinal: options.lower_order_final,
        degenerated: options.degenerated,
      },
      steps: golden.steps,
      grid: { sigma: ems_indexes.map((node) => Math.exp(-ems.lam[node]!)) },
    },
  };
};
