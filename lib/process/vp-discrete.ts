import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { received } from "../checks/received.js";
import { requireArgument, requireInteger, unknownName } from "../errors.js";
import { level } from "./level.js";
import type { Process } from "./process.js";
import { requireNumbers } from "./require-numbers.js";
import { softplus, variancePreservingLevel } from "./vp-linear.js";

const betaSchedules = ["linear", "scaled_linear", "squaredcos_cap_v2"] as const;
export type BetaSchedule = (typeof betaSchedules)[number];

export interface VpDiscreteOptions {
  /** Named table, or the betas themselves. Default "linear". */
  readonly betas?: BetaSchedule | readonly number[];
  readonly betaStart?: number;
  readonly betaEnd?: number;
  /** Number of trained timesteps N, for a named table. Default 1000. */
  readonly timesteps?: number;
}

const vpDiscreteOptions: OptionNames<VpDiscreteOptions> = {
  betas: true,
  betaStart: true,
  betaEnd: true,
  timesteps: true,
};

/** Of which tables fit into memory. */
const mostTimesteps = 10_000_000;

/** The table of betas of a named schedule (Ho et al. 2020; Nichol & Dhariwal 2021 for squared cosine). */
export function betaTable(
  name: BetaSchedule,
  timesteps = 1000,
  betaStart = 1e-4,
  betaEnd = 0.02,
): Float64Array {
  if (!betaSchedules.includes(name))
    throw unknownName("schedule of betas", String(name), betaSchedules, { where: "process.betas" });
  requireInteger(timesteps, "process.timesteps", { least: 2, most: mostTimesteps });
  const between = (a: number, b: number, i: number) => a + ((b - a) * i) / (timesteps - 1);
  const cosine = (u: number) => Math.cos((((u + 0.008) / 1.008) * Math.PI) / 2) ** 2;
  return Float64Array.from({ length: timesteps }, (_, i) => {
    if (name === "linear") return between(betaStart, betaEnd, i);
    if (name === "scaled_linear") return between(Math.sqrt(betaStart), Math.sqrt(betaEnd), i) ** 2;
    return Math.min(1 - cosine((i + 1) / timesteps) / cosine(i / timesteps), 0.999);
  });
}

/**
 * VP from a table of N betas, made continuous as the official DPM-Solver does: t_n = (n+1)/N and ln α is piecewise
 * linear in t between the nodes. The model is told t N − 1, which is n at node n and in between not an integer.
 * Sampling starts where λ ≥ −5.1, as there, which matters for squared-cosine tables; noisier levels are the table's
 * too.
 */
export function vpDiscrete(options: VpDiscreteOptions = {}): Process {
  requireKnownOptions<VpDiscreteOptions>(options, vpDiscreteOptions);
  const { betas = "linear", timesteps = 1000, betaStart = 1e-4, betaEnd = 0.02 } = options;
  requireNumbers({ betaStart, betaEnd });
  requireArgument(
    typeof betas === "string" || Array.isArray(betas) || ArrayBuffer.isView(betas),
    "process.betas",
    () => `expected the name of a table or a list of betas, received ${received(betas)}`,
  );
  const table =
    typeof betas === "string" ? betaTable(betas, timesteps, betaStart, betaEnd) : Float64Array.from(betas);
  requireArgument(table.length >= 2, "process.betas", `expected at least 2 betas, received ${table.length}`);
  for (const [i, beta] of table.entries()) {
    requireArgument(
      beta > 0 && beta < 1,
      `process.betas[${i}]`,
      `expected a number in (0, 1), received ${beta}`,
    );
  }

  const logAlphas = new Float64Array(table.length);
  const alphasCumulative = new Float64Array(table.length);
  let logAlphaSquared = 0;
  for (const [n, beta] of table.entries()) {
    logAlphaSquared += Math.log1p(-beta);
    logAlphas[n] = 0.5 * logAlphaSquared;
    alphasCumulative[n] = Math.exp(logAlphaSquared);
  }
  const lambdaOf = (logAlpha: number) => logAlpha - 0.5 * Math.log(-Math.expm1(2 * logAlpha));
  let count = table.length;
  while (count > 2 && lambdaOf(logAlphas[count - 1]!) < -5.1) count--;

  const total = table.length;
  // Node n sits at t = (n+1)/N; outside the table the end segments are extended, as the reference does.
  const segment = (position: number) => Math.min(Math.max(Math.floor(position), 0), total - 2);
  const at = (t: number) => {
    const position = t * total - 1;
    const n = segment(position);
    const logAlpha = logAlphas[n]! + (position - n) * (logAlphas[n + 1]! - logAlphas[n]!);
    return variancePreservingLevel(t, (t - 1 / total) * total, logAlpha);
  };
  const atLambda = (lambda: number) => {
    const logAlpha = -0.5 * softplus(-2 * lambda);
    let low = 0;
    let high = total - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (logAlphas[middle]! > logAlpha) low = middle;
      else high = middle;
    }
    const position = low + (logAlpha - logAlphas[low]!) / (logAlphas[low + 1]! - logAlphas[low]!);
    return at((position + 1) / total);
  };
  return {
    type: "vp-discrete",
    tStart: count / total,
    tEnd: 1 / total,
    at,
    atLambda,
    clean: level(0, 0, 1, 0),
    variancePreserving: true,
    alphasCumulative,
  };
}
