import type { z } from "zod";
import type { Denoiser } from "../denoiser/denoiser.js";
import { fromSchedulerConfig } from "../diffusers/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import type { requestSchema } from "./request-schema.js";

/** The solver's name that stands for the diffusers scheduler lying beside the model. */
export const modelScheduler = "scheduler";

type Asked = z.output<typeof requestSchema>;

/**
 * Replaces `solver: "scheduler"` by what the model's `scheduler_config.json` means. Options beside the name take the
 * place of the configuration's members, as keyword arguments of diffusers' `from_config` do.
 * @throws QuenchError INVALID_ARGUMENT for a model without one, or for a grid, thresholding or initial scale
 * beside it, which are the scheduler's own
 */
export function withModelScheduler({ name, schedulerConfig }: Denoiser, asked: Asked): Asked {
  const { name: solver, ...overrides } =
    typeof asked.solver === "string" ? { name: asked.solver } : asked.solver;
  if (solver !== modelScheduler) return asked;
  if (!schedulerConfig) {
    throw new QuenchError("INVALID_ARGUMENT", `the model "${name}" has no scheduler_config.json`, {
      where: "solver",
    });
  }
  for (const key of ["grid", "thresholding", "initialScale"] as const) {
    requireArgument(asked[key] === undefined, key, `the model's scheduler brings its own`);
  }
  const { request } = fromSchedulerConfig({ ...schedulerConfig, ...overrides }, asked.steps);
  return { ...asked, ...request } as Asked;
}
