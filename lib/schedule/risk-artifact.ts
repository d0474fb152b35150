import { z } from "zod";
import { list } from "../checks/list.js";
import type { DeepReadonly } from "../deep-readonly.js";
import { sizeOf } from "../shape.js";

const nonNegative = z.number().nonnegative();
const count = z.number().int().positive();

/** Per-frequency errors: ETS Section 5.4. A frequency and its conjugate are kept once. */
const spectrumSchema = z.strictObject({
  frequencies: list(count).length(3).describe("[channels, H, floor(W/2) + 1] of the orthonormal 2-D DFT"),
  multiplicity: list(count).describe("how many DFT entries each kept frequency stands for: 1 or 2"),
  amplitude: list(nonNegative).describe("A_f = E |F(x_0)_f|"),
  variance: list(nonNegative).describe("E |F(x_0 - mean)_f|^2, the error of predicting the mean"),
  squaredError: list(list(nonNegative)).describe("E_f^2 = E |F(x_0 - prediction)_f|^2 at each level"),
});

/**
 * A model's x_0-risk R(σ̃) = E²(σ̃) = 𝔼‖x_0 − m(x_t)‖² at increasing scaled noise levels σ̃ = σ/α: what
 * `quench calibrate risk` measures and the model-aware schedules read. Only kind, sigma and risk are required.
 */
export const riskSchema = z
  .strictObject({
    $schema: z.string().optional(),
    kind: z.literal("risk"),
    version: z.literal(1).optional(),
    model: z
      .strictObject({
        name: z.string().optional(),
        sha256: z
          .string()
          .regex(/^[0-9a-fA-F]{64}$/, "expected 64 hexadecimal digits")
          .optional(),
      })
      .optional()
      .describe("The model that was measured"),
    settings: z
      .strictObject({
        estimator: z.enum(["monte-carlo", "loss-curve"]),
        images: count.optional().describe("Noisy images per level"),
        seed: z.string().optional(),
        labels: z.string().optional().describe("Where class labels came from"),
        guidance: z.number().optional().describe("Classifier-free guidance scale"),
        weighting: z.string().optional().describe("Weighting of an imported loss"),
      })
      .optional(),
    data: z.string().optional().describe("The images measured on"),
    dataVariance: z
      .number()
      .positive()
      .optional()
      .describe("E ||x_0 - mean||^2, the risk of predicting the mean: the curve's ceiling"),
    curve: z
      .strictObject({ ceiling: z.boolean(), monotone: z.boolean() })
      .optional()
      .describe("What is done to the measured values where they are used, unless asked otherwise"),
    sigma: list(z.number().positive()).min(2).describe("Scaled noise levels sigma/alpha, increasing"),
    risk: list(nonNegative).describe("E ||x_0 - prediction||^2 at each level, as measured"),
    standardError: list(nonNegative).optional().describe("Of each risk"),
    spectrum: spectrumSchema.optional(),
  })
  .superRefine((artifact, context) => {
    const issue = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    const { sigma, risk, standardError, spectrum } = artifact;
    const disorder = sigma.findIndex((value, i) => i > 0 && !(value > sigma[i - 1]!));
    if (disorder > 0) {
      const [before, value] = [sigma[disorder - 1], sigma[disorder]];
      issue(["sigma", disorder], `expected increasing noise levels, received ${before} then ${value}`);
    }
    const perLevel = { risk, standardError, "spectrum.squaredError": spectrum?.squaredError };
    for (const [name, values] of Object.entries(perLevel)) {
      if (values && values.length !== sigma.length)
        issue(name.split("."), `expected ${sigma.length} values, one per level, received ${values.length}`);
    }
    if (!risk.some((value) => value > 0)) issue(["risk"], "expected a risk above 0 at one level at least");
    if (spectrum) checkSpectrum(spectrum, issue);
  });

export type RiskArtifact = DeepReadonly<z.output<typeof riskSchema>>;
export type RiskSpectrum = z.output<typeof spectrumSchema>;

function checkSpectrum(spectrum: RiskSpectrum, issue: (path: (string | number)[], message: string) => void) {
  const { frequencies, multiplicity, amplitude, variance, squaredError } = spectrum;
  const entries = sizeOf(frequencies);
  const check = (path: (string | number)[], { length }: readonly unknown[]) => {
    if (length !== entries)
      issue(["spectrum", ...path], `expected ${entries} values, one per frequency, received ${length}`);
  };
  check(["multiplicity"], multiplicity);
  check(["amplitude"], amplitude);
  check(["variance"], variance);
  const level = squaredError.findIndex((errors) => errors.length !== entries);
  if (level >= 0) check(["squaredError", level], squaredError[level]!);
}

/** JSON Schema (draft 2020-12) of a risk artifact. */
export function riskJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(riskSchema, { io: "input" }), title: "Quench risk curve" };
}
