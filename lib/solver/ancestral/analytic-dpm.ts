import { z } from "zod";
import { list } from "../../checks/list.js";
import { requireArgument } from "../../errors.js";
import { readJson } from "../../io/index.js";
import { type Level, type Process, scaledSigma } from "../../process/index.js";
import { posteriorStep } from "../posterior-step.js";
import { defineSolver } from "../solver.js";
import { freshNoise } from "./step.js";

/** Γ at noise levels: the mean square of ε̂ per dimension over noised data (Bao et al. 2022, Eq. 8). */
const noiseEnergySchema = z
  .object({
    sigma: list(z.number().positive()).min(1).optional().describe("scaled noise levels sigma/alpha"),
    t: list(z.number().positive()).min(1).optional().describe("or the process times"),
    gamma: list(z.number().nonnegative()).min(1).describe("mean square of the noise prediction there"),
  })
  .refine(({ sigma, t, gamma }) => (sigma ?? t)?.length === gamma.length && !(sigma && t), {
    error: "expected either sigma or t, with as many numbers as gamma",
  });
export type NoiseEnergy = z.infer<typeof noiseEnergySchema>;

const calibrated = {
  gamma: z
    .union([z.string().min(1), noiseEnergySchema])
    .describe(
      "noise energy by level, as `measureNoiseEnergy(model, …)` measures it: the artifact itself, or the path of its JSON file",
    ),
  largestVariance: z
    .number()
    .positive()
    .default(1)
    .describe("bound on the variance of clean data given x: 1 for data in [-1, 1]"),
};

/**
 * Analytic-DPM: DDPM's or DDIM's mean, and the variance that is optimal for it, ς² + predicted² Cov, Cov = clip(σ̃_s²
 * (1 − Γ_s), 0, bound): the second term is what x̂_0 is uncertain by. No noise is added on the step to clean data.
 * Combine with thresholding {type: "clamp"} for x̂_0 in [−1, 1] as its authors do.
 */
const analytic = (name: string, title: string, source: string, eta: z.ZodType<number, number | undefined>) =>
  defineSolver({
    name,
    title,
    source,
    stochastic: true,
    options: z.strictObject({ ...calibrated, eta }),
    order: () => 1,
    evaluations: (steps) => steps,
    vectors: () => 2,
    predicts: "data",
    final: "zero",
    async *sample(run, options) {
      const { steps, x, data, combine } = run;
      const [m, z] = run.vectors(2);
      const gammaAt = await noiseEnergy(run.process, options.gamma);
      for (const step of steps) {
        await data(m, x, step.from);
        const { keep, predicted, fresh } = posteriorStep(step, options.eta);
        const uncertain = scaledSigma(step.from) ** 2 * (1 - gammaAt(step.from));
        const covariance = Math.min(Math.max(uncertain, 0), options.largestVariance);
        const deviation = Math.sqrt(fresh * fresh + predicted * predicted * covariance);
        const noise = freshNoise(run, z, step.to.sigma === 0 ? 0 : deviation);
        combine(x, [keep, x], [predicted, m], ...noise);
        yield step;
      }
    },
  });

export const analyticDdpm = analytic(
  "analytic-ddpm",
  "Analytic-DDPM",
  "Bao et al. 2022, Eq. 9 and App. C",
  z.number().min(0).max(1).default(1).describe("share of ancestral noise; 1 is DDPM's mean"),
);

export const analyticDdim = analytic(
  "analytic-ddim",
  "Analytic-DDIM",
  "Bao et al. 2022, Eq. 9 and App. C",
  z.number().min(0).max(1).default(0).describe("share of ancestral noise; 0 is DDIM's mean"),
);

/** Γ as a function of the level: linear in ln σ̃ between the measured levels, constant beyond them. */
async function noiseEnergy(process: Process, given: string | NoiseEnergy): Promise<(level: Level) => number> {
  const artifact =
    typeof given === "string"
      ? await readJson(given, noiseEnergySchema, { code: "INVALID_ARTIFACT" })
      : given;
  const sigmas = artifact.sigma ?? artifact.t!.map((t) => scaledSigma(process.at(t)));
  const points = sigmas
    .map((sigma, i) => ({ at: Math.log(sigma), gamma: artifact.gamma[i]! }))
    .sort((a, b) => a.at - b.at);
  const repeated = points.findIndex(({ at }, i) => i > 0 && at === points[i - 1]!.at);
  requireArgument(repeated < 0, "solver.gamma", "expected every noise level once");
  return (level) => {
    const at = Math.log(scaledSigma(level));
    const above = points.findIndex((point) => point.at >= at);
    if (above === 0) return points[0]!.gamma;
    if (above < 0) return points.at(-1)!.gamma;
    const [low, high] = [points[above - 1]!, points[above]!];
    return low.gamma + ((at - low.at) / (high.at - low.at)) * (high.gamma - low.gamma);
  };
}
