import { readFile } from "node:fs/promises";
import { z } from "zod";
import { QuenchError } from "../errors.js";
import { parse } from "../validate.js";

const numbers = z.array(z.number());

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
  sigmas: z.array(z.number().nullable()).optional(),
  x_T: numbers,
  noise: z.array(numbers).optional(),
  x_0: numbers,
  /** Largest relative error that passes, where the case sets its own. */
  tolerance: z.number().positive().optional(),
});
export type GoldenCase = z.infer<typeof goldenCaseSchema>;

const goldenFileSchema = z.looseObject({
  family: z.string(),
  world: z.looseObject({ weights: numbers, means: z.array(numbers), stds: numbers, shape: numbers }),
  /** DPM-Solver-v3 statistics per process. */
  ems: z
    .record(
      z.string(),
      z.looseObject({ lam: numbers, l: z.array(numbers), s: z.array(numbers), b: z.array(numbers) }),
    )
    .optional(),
  cases: z.array(goldenCaseSchema),
});
export type GoldenFile = z.infer<typeof goldenFileSchema>;

/** @throws QuenchError INVALID_FILE naming the file and the field */
export async function readGolden(path: string): Promise<GoldenFile> {
  try {
    return parse(goldenFileSchema, JSON.parse(await readFile(path, "utf8")), "file");
  } catch (error) {
    throw new QuenchError("INVALID_FILE", (error as Error).message, { where: path, cause: error });
  }
}
