import { z } from "zod";
import type { Vector } from "../../device/index.js";
import { scaledSigma } from "../../process/index.js";
import { noiseStep } from "../first-order.js";
import { defineSolver, type Run, type Step } from "../solver.js";
import { atNoise, freshNoise } from "./step.js";

/**
 * Predictor–corrector sampling: the reverse diffusion in y = x/α, where every process is variance exploding,
 *
 *     y_t = y + (σ̃_s² − σ̃_t²) ∇ log p(y) + √(σ̃_s² − σ̃_t²) z,
 *
 * then Langevin steps at the new level. Their size ε = 2 (r ‖z‖/‖g‖)² the original makes of norms averaged over the
 * batch; here it is each sample's own, of the norm that z has on average and a slow estimate of that of ε̂ = −σ g. One
 * sample's norms as they come would, in few dimensions, take huge steps wherever ε̂ happens to be near zero: 1/‖ε̂‖²
 * has no mean in two. On VP processes the original discretises x itself, which differs at finite steps.
 */
export const predictorCorrector = defineSolver({
  name: "predictor-corrector",
  title: "Predictor-corrector",
  source: "Song et al. 2021 (score SDE), Algorithms 2 and 4, App. G",
  stochastic: true,
  options: z.strictObject({
    correctorSteps: z
      .int()
      .min(0)
      .max(100)
      .default(1)
      .describe("Langevin steps at each level; 0: predictor alone"),
    snr: z.number().positive().default(0.16).describe("signal-to-noise ratio r of a Langevin step"),
  }),
  order: () => 1,
  evaluations: (steps, { correctorSteps }) => steps + (steps - 1) * correctorSteps,
  vectors: () => 2,
  predicts: "noise",
  final: "zero",
  async *sample(run, { correctorSteps, snr }) {
    const { steps, x, noise } = run;
    const [e, z] = run.vectors(2);
    // At pure noise the prediction is the noise itself.
    const power = new Float64Array(run.rows).fill(1);
    for (const step of steps) {
      const { from, to } = step;
      await noise(e, x, from);
      predict(run, step, e, z);
      for (let i = 0; i < correctorSteps && to.sigma > 0; i++) {
        await noise(e, x, to);
        langevin(run, step, e, z, snr, power);
      }
      yield step;
    }
  },
});

/** The mean goes to σ̃_s − (σ̃_s² − σ̃_t²)/σ̃_s = σ̃_t²/σ̃_s along ε̂. No noise on the step to clean data. */
function predict(run: Run, { from, to }: Step, e: Vector, z: Vector): void {
  const [above, target] = [scaledSigma(from), scaledSigma(to)];
  const deviation = target === 0 ? 0 : to.alpha * Math.sqrt(above * above - target * target);
  const mean = { from, to: atNoise(to, (target * target) / above) };
  run.combine(run.x, ...noiseStep(mean, run.x, e), ...freshNoise(run, z, deviation));
}

/** Dimensions' worth of evaluations that the estimate of ‖ε̂‖² remembers: more than images need, and little of theirs. */
const remembered = 128;

/**
 * x + ε g + √(2ε) z with the score g = −ε̂/σ, so that ε = 2 r² σ²/p, p the power of ε̂ per dimension. It falls with
 * the noise: remembered too long it makes steps smaller, never larger.
 */
function langevin(run: Run, { to }: Step, e: Vector, z: Vector, snr: number, power: Float64Array): void {
  const { rows, x } = run;
  const size = x.length / rows;
  run.normals(z);
  const squares = run.gram([e], rows, "blocked");
  const onNoise = new Float64Array(rows);
  const onFresh = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    power[row] = (squares[row]! + remembered * power[row]!) / (size + remembered);
    const length = (2 * snr * snr * to.sigma * to.sigma) / power[row]!;
    onNoise[row] = -length / to.sigma;
    onFresh[row] = Math.sqrt(2 * length);
  }
  run.combine(x, [1, x], [onNoise, e], [onFresh, z]);
}
