import { z } from "zod";
import { list } from "../checks/list.js";
import { parse } from "../checks/validate.js";
import { defined } from "../defined.js";
import { QuenchError } from "../errors.js";
import { type RiskArtifact, riskSchema } from "../schedule/index.js";

/** What a training loss per level was the mean of: ‖ε − ε̂‖², ‖x_0 − x̂_0‖², ‖v − v̂‖², or EDM's λ(σ)‖x_0 − D‖². */
export type LossWeighting = "epsilon" | "x0" | "v" | "edm";

export const lossCurveSchema = z.strictObject({
  kind: z.literal("loss"),
  weighting: z.enum(["epsilon", "x0", "v", "edm"]).describe("what the loss is the mean of"),
  sigma: list(z.number().positive()).min(2).describe("scaled noise levels sigma/alpha, increasing"),
  loss: list(z.number().nonnegative()).describe("mean loss at each level"),
  reduction: z
    .enum(["sum", "mean"])
    .default("sum")
    .describe("over a sample's elements; mean needs `elements`"),
  elements: z.number().int().positive().optional().describe("numbers in one sample"),
  sigmaData: z.number().positive().optional().describe("of EDM's weight; default 0.5"),
  dataVariance: z.number().positive().optional(),
  model: z.strictObject({ name: z.string().optional(), sha256: z.string().optional() }).optional(),
});
export type LossCurve = z.input<typeof lossCurveSchema>;

/**
 * A training loss per level as a risk curve (LAS Remark 6, ETS Eq. 29–32). With x_t = α x_0 + σ ε and σ̃ = σ/α:
 * E² = σ̃² L for ε; E² = L for x_0; E² = σ̃²/(1 + σ̃²) L for v on a variance-preserving process; E² = L/λ(σ̃) for EDM with
 * λ = (σ̃² + σ_data²)/(σ̃ σ_data)².
 * @throws QuenchError INVALID_ARGUMENT naming what is missing, or what makes of it no risk curve
 */
export function riskFromLoss(curve: LossCurve): RiskArtifact {
  const checked = parse(lossCurveSchema, curve, "curve");
  const { weighting, sigma, loss, reduction, elements, sigmaData = 0.5, dataVariance, model } = checked;
  const wrong = (message: string, where: string) => {
    throw new QuenchError("INVALID_ARGUMENT", message, { where });
  };
  if (loss.length !== sigma.length)
    wrong(`expected ${sigma.length} values, one per level, received ${loss.length}`, "loss");
  if (reduction === "mean" && elements === undefined)
    wrong("a mean over a sample's elements needs their number", "elements");
  const perSample = reduction === "mean" ? elements! : 1;
  const factor: Record<LossWeighting, (s: number) => number> = {
    epsilon: (s) => s * s,
    x0: () => 1,
    v: (s) => (s * s) / (1 + s * s),
    edm: (s) => (s * sigmaData) ** 2 / (s * s + sigmaData * sigmaData),
  };
  const artifact: RiskArtifact = {
    kind: "risk",
    version: 1,
    ...defined({ model }),
    settings: { estimator: "loss-curve", weighting },
    ...defined({ dataVariance }),
    curve: { ceiling: true, monotone: false },
    sigma: [...sigma],
    risk: loss.map((value, i) => perSample * factor[weighting](sigma[i]!) * value),
  };
  return parse(riskSchema, artifact, "loss");
}
