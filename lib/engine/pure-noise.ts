import type { Denoiser } from "../denoiser/denoiser.js";
import { requireArgument } from "../errors.js";
import type { Grid } from "../schedule/index.js";
import type { SolverDefinition } from "../solver/index.js";

/** Predictions from which the data follow where α = 0: the others are divided by it. */
const tellsData: readonly Denoiser["prediction"][] = ["sample", "v", "flow-velocity"];

/**
 * Refuses levels of pure noise, α = 0, for solvers and models that do not reach data from there.
 * @throws QuenchError INVALID_ARGUMENT
 */
export function checkPureNoise({ name, prediction }: Denoiser, solver: SolverDefinition, grid: Grid): void {
  const asked = grid.steps?.map(({ from, at }) => at ?? from) ?? grid.levels;
  if (asked.every(({ alpha }) => alpha > 0)) return;
  requireArgument(
    solver.fromPureNoise === true,
    "grid",
    `solver "${solver.name}" cannot start at pure noise, alpha = 0: begin at a level with some data in it`,
  );
  requireArgument(
    tellsData.includes(prediction),
    "grid",
    `at pure noise, alpha = 0, the ${prediction} that the model "${name}" predicts says nothing of the data`,
  );
}
