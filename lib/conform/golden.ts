import { z } from "zod";
import { list } from "../checks/list.js";
import { readJson } from "../io/index.js";

const numbers = list(z.number());

/** One reference run: what was asked of a public implementation, and what it returned. */
export const goldenCaseSchema = z.looseObject({
  id: z.string(),
  dtype: z.string(),
  process: z.looseObject({ name: z.string() }),
  prediction: z.string(),
  solver: z.record(z.string(), z.unknown()),
  schedule: z.record(z.string(), z.unknown()),
  steps: z.number(),
  nfe: z.number(),
  timesteps: numbers.optional(),
  sigmas: list(z.number().nullable()).optional(),
  x_T: numbers,
  noise: list(numbers).optional(),
  x_0: numbers,
  /** Largest relative error that passes, where the case sets its own. */
  tolerance: z.number().positive().optional(),
});
export type GoldenCase = z.infer<typeof goldenCaseSchema>;

const goldenFileSchema = z.looseObject({
  family: z.string(),
  world: z.looseObject({ weights: numbers, means: list(numbers), stds: numbers, shape: numbers }),
  /** DPM-Solver-v3 statistics per process. */
  ems: z
    .record(z.string(), z.looseObject({ lam: numbers, l: list(numbers), s: list(numbers), b: list(numbers) }))
    .optional(),
  cases: list(goldenCaseSchema),
});
export type GoldenFile = z.infer<typeof goldenFileSchema>;

/** Many recorded trajectories in decimal digits. */
const largestGolden = 2 ** 28;

/** @throws QuenchError INVALID_FILE naming the file and the field */
export function readGolden(path: string): Promise<GoldenFile> {
  return readJson(path, goldenFileSchema, { maximumBytes: largestGolden });
}
