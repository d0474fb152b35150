import { z } from "zod";
import type { Denoiser } from "../denoiser/index.js";
import {
  beginRun,
  Evaluator,
  resolveRequest,
  type SampleRequest,
  sampleSteps,
  VectorPool,
} from "../engine/index.js";
import { mean } from "../metrics/mean.js";
import { quantile } from "../metrics/quantile.js";
import type { Vector } from "../native/index.js";
import { type Level, scaledSigma } from "../process/index.js";
import { cumulative, entropyRate, type RiskArtifact, riskCurve } from "../schedule/index.js";
import { sizeOf } from "../shape.js";
import type { CellPlan } from "./cell.js";
import { type Draws, withDraws } from "./draws.js";
import { jsonHash } from "./json-hash.js";
import type { Subject } from "./subject.js";

/** A solver's factor over the traced samples (and channels). */
export interface Factor {
  readonly mean: number;
  /** 10th and 90th percentile. */
  readonly low: number;
  readonly high: number;
}

/** What a step of a trajectory looks like to the papers' entropy arguments. Variances are per element. */
export interface TraceStep {
  readonly index: number;
  /** Scaled noise levels. */
  readonly from: number;
  readonly to: number;
  /** Var(x_t | x_s, x_0) of the forward process (RE Eq. 3.9). */
  readonly transitionVariance: number;
  /** Its entropy in nats, ½ (ln 2π + 1) + ½ ln Var (RE Eq. 3.10, EVODiff Eq. 9). */
  readonly transitionEntropy: number | null;
  /**
   * Mean square of the model's data prediction at x_s less the trajectory's own end: how much of x_0 is still open, the
   * variance part of the reconstruction error (EVODiff Eq. 12) as far as the run itself shows it.
   */
  readonly predictionVariance: number;
  /** The same as the papers assume it, ∝ (σ/α)², scaled to the first step's. */
  readonly priorVariance: number;
  /** Var_p1 of a first-order step: h² predictionVariance, h = κ_t − κ_s with κ = α/σ (RE Eq. 4.2). */
  readonly firstOrderVariance: number | null;
  /**
   * ΔH of a step that weighs the predictions at both its ends by one half, against one that takes the first:
   * ½ ln(1 − 2γ + γ² + γ² Var_t/Var_s), γ = ½ (RE Eq. 4.3); measured, and by the assumed variances.
   */
  readonly entropyReduction: number | null;
  readonly priorEntropyReduction: number;
  /** Rate of the conditional entropy at s, and the part of it that falls into this step, where a risk curve is known. */
  readonly entropyRate: number | null;
  readonly entropyShare: number | null;
  /** What the solver measured, e.g. EVODiff's eta, zeta, their etaStar and zetaStar before clipping, balances a, c. */
  readonly factors: Readonly<Record<string, Factor>>;
}

export interface Trace {
  readonly format: "quench-trace";
  readonly version: 1;
  readonly key: string;
  readonly samples: number;
  /** Hash of the risk curve of the entropy rates, where one is known. */
  readonly risk?: string;
  readonly steps: readonly TraceStep[];
}

/** Enough of a trace's file to know it by. */
export const traceSchema = z.looseObject({
  format: z.literal("quench-trace"),
  version: z.literal(1),
  samples: z.int(),
  risk: z.string().optional(),
});

/**
 * Draws the first samples of a cell's first seed once more, step by step, and measures what its steps do.
 * @param rows how many samples
 */
export async function traceCell(
  cell: CellPlan,
  subject: Subject,
  draws: Draws,
  rows: number,
  risk: RiskArtifact | undefined,
  signal: AbortSignal | undefined,
): Promise<Trace> {
  const count = Math.min(rows, draws.samples);
  const asked = withDraws(cell.request, draws, draws.seeds[0]!, 0, count);
  const request = signal ? { ...asked, signal } : asked;
  const predict = await predictor(subject.denoiser, request);
  const predictions = [await predict(undefined, 0)];
  const factors: Record<string, Factor>[] = [];
  const steps = sampleSteps(subject.denoiser, request);
  let next = await steps.next();
  for (; !next.done; next = await steps.next()) {
    const { diagnostics, level, index, x } = next.value;
    factors.push(summaries(diagnostics ?? {}));
    predictions.push(level.sigma > 0 ? await predict(x(), index + 1) : x());
  }
  const end = next.value.data;
  const open = predictions.map((prediction) => meanSquare(prediction, end));
  const entropy = risk && entropyAlong(risk, cell.levels);
  return {
    format: "quench-trace",
    version: 1,
    key: cell.key,
    samples: count,
    ...(risk ? { risk: jsonHash(risk) } : {}),
    steps: factors.map((measured, index) => ({
      ...stepOf(index, cell.levels, open, entropy),
      factors: measured,
    })),
  };
}

/** @param open mean squares of the predictions at every node less the trajectory's end */
function stepOf(
  index: number,
  levels: readonly Node[],
  open: readonly number[],
  entropy: ReturnType<typeof entropyAlong> | undefined,
): Omit<TraceStep, "factors"> {
  const [first, from, to] = [levels[0]!, levels[index]!, levels[index + 1]!];
  const [start, here, there] = [first, from, to].map(scaledSigma) as [number, number, number];
  const [variance, next] = [open[index]!, open[index + 1]!];
  const transition = transitionVariance(from, to);
  const h = kappa(to) - kappa(from);
  return {
    index,
    from: here,
    to: there,
    transitionVariance: transition,
    transitionEntropy: transition > 0 ? 0.5 * (Math.log(2 * Math.PI) + 1 + Math.log(transition)) : null,
    predictionVariance: variance,
    priorVariance: open[0]! * (here / start) ** 2,
    firstOrderVariance: Number.isFinite(h) ? h * h * variance : null,
    entropyReduction: variance > 0 ? reduction(next / variance) : null,
    priorEntropyReduction: reduction((there / here) ** 2),
    entropyRate: entropy ? entropy.rate(here) : null,
    entropyShare: entropy ? entropy.share(here, there) : null,
  };
}

/** Evaluates the model at a state of a request's run, guided as that is; without a state at x_T. */
async function predictor(denoiser: Denoiser, request: SampleRequest) {
  const resolved = resolveRequest(denoiser, request);
  const pool = new VectorPool();
  const size = sizeOf(denoiser.shape);
  const vector = () => pool.take(resolved.dtype, resolved.rows * size) as Vector;
  const run = beginRun(new Evaluator(denoiser, pool), resolved, vector);
  return async (x: Vector | undefined, node: number): Promise<Vector> => {
    const into = vector();
    await run.data(into, x ?? run.x, resolved.grid.levels[node]!);
    return into;
  };
}

type Node = Pick<Level, "alpha" | "sigma">;

const kappa = ({ alpha, sigma }: Node) => alpha / sigma;

/** σ_t² − (α_s/α_t)² σ_t⁴/σ_s², by Bayes' rule for the forward process. */
function transitionVariance(from: Node, to: Node): number {
  return to.sigma ** 2 * (1 - (scaledSigma(to) / scaledSigma(from)) ** 2);
}

/** ΔH for γ = ½, by the ratio of the variances at both ends. */
function reduction(ratio: number): number {
  return 0.5 * Math.log(0.25 + 0.25 * ratio);
}

function meanSquare(a: Vector, b: Vector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / a.length;
}

function summaries(diagnostics: Readonly<Record<string, Float64Array>>): Record<string, Factor> {
  return Object.fromEntries(
    Object.entries(diagnostics).map(([name, values]) => {
      const sorted = values.toSorted();
      return [name, { mean: mean(values), low: quantile(sorted, 0.1), high: quantile(sorted, 0.9) }];
    }),
  );
}

/** Conditional entropy along a grid, by the model's risk curve (ETS Eq. 13), as a part of all of it. */
function entropyAlong(risk: RiskArtifact, levels: readonly Node[]) {
  const curve = riskCurve(risk);
  const rate = entropyRate(curve, "entropic");
  const noisy = levels.map(scaledSigma).filter((sigma) => sigma > 0);
  const clock = cumulative(curve, rate, noisy.at(-1)!, noisy[0]!);
  const at = (sigma: number) => (sigma > 0 ? clock.of(sigma) : 0);
  return { rate, share: (from: number, to: number) => at(from) - at(to) };
}
