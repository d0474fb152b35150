import { z } from "zod";
import { list } from "../../checks/list.js";
import { received } from "../../checks/received.js";
import { modelStampSchema, requireSameModel } from "../../denoiser/model-stamp.js";
import { QuenchError, shortened } from "../../errors.js";
import { scaledSigma } from "../../process/index.js";
import type { AskedRun } from "../solver.js";

const squaredNorm = z.number().nonnegative();

const stepSchema = z.strictObject({
  coefficients: list(z.number()).describe(
    "phi of each of the step's quantities, added to the base solver's coefficients",
  ),
  residual: squaredNorm.describe("mean over the samples of |IIA step - fine step|^2"),
  baseResidual: squaredNorm.describe("of the base's step from the same states"),
  freshResidual: squaredNorm.describe("residual over samples that the coefficients were not made from"),
  freshBaseResidual: squaredNorm,
  condition: z
    .number()
    .nullable()
    .describe("condition number of the unit-diagonal normal matrix; null where it is singular"),
  rank: z
    .int()
    .nonnegative()
    .describe("independent quantities; fewer than coefficients: minimum-norm solution"),
});

/** The coefficients of an IIA solver for one model, grid and guidance scale, and how they were found. */
export const iiaSchema = z.strictObject({
  $schema: z.string().optional(),
  kind: z.literal("iia"),
  version: z.literal(1),
  model: modelStampSchema,
  solver: z.looseObject({ name: z.string() }).describe("the IIA solver and its options"),
  grid: z.strictObject({
    request: z
      .union([z.string(), z.record(z.string(), z.unknown())])
      .optional()
      .describe("as it was asked for in a sample request; none: the default"),
    sigma: list(z.number().nonnegative()).min(2).describe("scaled noise levels sigma/alpha, noisy to clean"),
  }),
  guidance: z.number().optional().describe("classifier-free guidance scale"),
  thresholding: z.record(z.string(), z.unknown()).optional(),
  labels: list(z.int().nonnegative()).optional().describe("classes, cycled over the samples"),
  settings: z.strictObject({
    samples: z.int().min(1).describe("|B|: trajectories calibrated on; as many fresh ones"),
    substeps: z.int().min(1).describe("M: sub-steps of the fine solution"),
    seed: z.string().describe("sample i of the calibration batch uses (seed, i), fresh ones follow"),
  }),
  refined: z
    .literal(true)
    .optional()
    .describe(
      "coefficients and grid were improved afterwards, by `quench tune`: the residuals are those from before the refinement",
    ),
  cost: z.strictObject({
    modelCalls: z.int().nonnegative(),
    modelRows: z.int().nonnegative(),
    seconds: z.number().nonnegative(),
  }),
  steps: list(stepSchema).min(1),
});
export type IiaArtifact = z.output<typeof iiaSchema>;
export type IiaStep = IiaArtifact["steps"][number];

/** JSON Schema (draft 2020-12) of IIA coefficients. */
export function iiaJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(iiaSchema, { io: "input" }), title: "Quench IIA coefficients" };
}

/** Options as a request can ask for them: a default of infinity has no JSON, and is left unsaid. */
export function sayable(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== Infinity));
}

function inWords(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "none";
  } catch {
    return received(value); // nested too deeply, as a file may be
  }
}

/**
 * Coefficients are good for the model, solver, grid and guidance that they were measured with, and for nothing else.
 * @throws QuenchError MODEL_MISMATCH for another model, INVALID_ARGUMENT naming any other difference
 */
export function requireCalibratedFor(
  artifact: IiaArtifact,
  asked: AskedRun & { readonly solver: Record<string, unknown> },
): void {
  const where = "solver.coefficients";
  const { model, grid } = artifact;
  requireSameModel(model, asked.model, "calibrated", where);
  const differs = (what: string, calibrated: unknown, wanted: unknown) => {
    const [a, b] = [calibrated, wanted].map(inWords);
    if (a === b) return;
    throw new QuenchError(
      "INVALID_ARGUMENT",
      `calibrated for ${shortened(`${what} ${a}`)}, asked for ${shortened(b!)}`,
      {
        where,
      },
    );
  };
  const solver = sayable(asked.solver);
  for (const name of new Set([...Object.keys(artifact.solver), ...Object.keys(solver)])) {
    differs(name === "name" ? "solver" : `solver option ${name}`, artifact.solver[name], solver[name]);
  }
  const sigma = asked.grid.levels.map(scaledSigma);
  differs("steps", grid.sigma.length - 1, sigma.length - 1);
  const other = sigma.findIndex((value, i) => Math.abs(value - grid.sigma[i]!) > 1e-9 * value);
  if (other >= 0) differs(`the grid's noise level ${other} of`, grid.sigma[other], sigma[other]);
  differs("guidance", artifact.guidance, asked.guidance);
  differs("thresholding", artifact.thresholding, asked.thresholding);
  differs("steps of the grid", artifact.steps.length, sigma.length - 1);
}
