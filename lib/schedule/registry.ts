import { QuenchError } from "../errors.js";
import { entropicRule } from "./entropic.js";
import { gaussianOptimalRule, gaussianScale } from "./gaussian-optimal.js";
import { lasRule } from "./las.js";
import { iddpmRule, polyexponentialRule, vpTimeRule } from "./noise-level.js";
import { type RiskArtifact, requireSameModel } from "./risk-artifact.js";
import { riskCurve } from "./risk-curve.js";
import type { Rule } from "./schedule.js";
import type { ScheduleOption, ScheduleOptions } from "./schedule-request.js";
import { leadingSpacing, linspaceSpacing, timestepRule, trailingSpacing } from "./timesteps.js";
import { betaRule, edmRule, logSnr, sgmUniform, timeQuadratic, timeUniform } from "./uniform.js";

/** What a schedule may want to know of the model it is for. */
export interface ScheduleModel {
  readonly hash?: string;
  /** The model takes integer timesteps. */
  readonly integerTimes?: boolean;
}

export interface Schedule {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  /** The options of a grid request that this schedule takes. */
  readonly options: readonly ScheduleOption[];
  /** Where the grid ends unless asked otherwise; the solver says where this does not. */
  readonly final?: "zero";
  /** Places nodes inside a step, where that is not done by the rule itself. */
  readonly inner?: Rule;
  /** @throws QuenchError INVALID_ARGUMENT where an option that it needs is missing */
  rule(options: ScheduleOptions, model?: ScheduleModel): Rule;
}

const curveOptions = ["risk", "allowOtherModel", "ceiling", "monotone"] as const;

const table: readonly Schedule[] = [
  {
    name: "time-uniform",
    summary: "uniform in time",
    source: "Ho et al. 2020",
    options: [],
    rule: () => timeUniform,
  },
  {
    name: "time-quadratic",
    summary: "uniform in the square root of time",
    source: "Song et al. 2021 (DDIM), App. D.2",
    options: [],
    rule: () => timeQuadratic,
  },
  {
    name: "log-snr",
    summary: "uniform in half-log-SNR",
    source: "Lu et al. 2022 (DPM-Solver), 3.2",
    options: [],
    rule: () => logSnr,
  },
  {
    name: "exponential",
    summary: "log-snr under k-diffusion's name",
    source: "k-diffusion, get_sigmas_exponential",
    options: [],
    rule: () => logSnr,
  },
  {
    name: "edm",
    summary: "uniform in sigma^(1/rho), rho 7",
    source: "Karras et al. 2022, Eq. 5",
    options: ["rho"],
    rule: ({ rho }) => edmRule(rho),
  },
  {
    name: "karras",
    summary: "edm under k-diffusion's name",
    source: "k-diffusion, get_sigmas_karras",
    options: ["rho"],
    rule: ({ rho }) => edmRule(rho),
  },
  {
    name: "polyexponential",
    summary: "ln sigma falls as (1 - u)^rho, rho 1: log-snr",
    source: "k-diffusion, get_sigmas_polyexponential",
    options: ["rho"],
    rule: ({ rho }) => polyexponentialRule(rho),
  },
  {
    name: "vp",
    summary: "uniform in the time of the linear VP process through both ends, whatever the model's process",
    source: "Karras et al. 2022, Table 1",
    options: ["rho"],
    rule: ({ rho }) => vpTimeRule(rho),
  },
  {
    name: "iddpm",
    summary: "levels of improved DDPM's cosine table inside the range, evenly by index",
    source: "Karras et al. 2022, Table 1; Nichol & Dhariwal 2021",
    options: [],
    rule: () => iddpmRule,
  },
  {
    name: "sgm-uniform",
    summary: "uniform in time with the cleanest node left out, then zero",
    source: "Stability AI generative-models",
    options: [],
    final: "zero",
    rule: () => sgmUniform,
  },
  {
    name: "beta",
    summary: "time at the quantiles of Beta(0.6, 0.6)",
    source: "Lee et al. 2024",
    options: [],
    rule: () => betaRule,
  },
  {
    name: "leading",
    summary: "every k-th timestep of a discrete process from 0, then zero",
    source: "Lin et al. 2024, Table 2",
    options: [],
    final: "zero",
    rule: () => timestepRule("leading", leadingSpacing),
  },
  {
    name: "trailing",
    summary: "every k-th timestep of a discrete process from the noisiest, then zero",
    source: "Lin et al. 2024, Table 2",
    options: [],
    final: "zero",
    rule: () => timestepRule("trailing", trailingSpacing),
  },
  {
    name: "linspace",
    summary: "timesteps of a discrete process evenly from the noisiest to 0, then zero",
    source: "Lin et al. 2024, Table 2",
    options: [],
    final: "zero",
    rule: () => timestepRule("linspace", linspaceSpacing),
  },
  {
    name: "gaussian-optimal",
    summary: "uniform in arctan(sigma/c), best for Gaussian data of deviation c",
    source: "Sabour et al. 2024, Thm 3.1; ETS Eq. 6",
    options: ["sigmaData", ...curveOptions],
    rule: (options, model) =>
      gaussianOptimalRule(
        options.sigmaData ?? gaussianScale(riskCurve(riskOf("gaussian-optimal", options, model), options)),
      ),
  },
  {
    name: "entropic",
    summary: "equal conditional entropy in every step",
    source: "Stancevic et al. 2025 (ETS), Eq. 13",
    options: [...curveOptions, "quadrature"],
    rule: (options, model) => entropicRule(riskOf("entropic", options, model), "entropic", options),
  },
  {
    name: "rescaled-entropic",
    summary: "equal conditional entropy, its rate times sigma",
    source: "Stancevic et al. 2025 (ETS), 5.3",
    options: [...curveOptions, "quadrature"],
    rule: (options, model) => entropicRule(riskOf("rescaled-entropic", options, model), "rescaled", options),
  },
  {
    name: "spectral-entropic",
    summary: "rescaled per frequency, weighted by the images' amplitudes",
    source: "Stancevic et al. 2025 (ETS), 5.4",
    options: [...curveOptions, "quadrature"],
    rule: (options, model) => entropicRule(riskOf("spectral-entropic", options, model), "spectral", options),
  },
  {
    name: "las",
    summary: "loss-adaptive: least bound on the KL divergence, by search over candidate levels",
    source: "LAS (loss-adaptive schedules), Eq. F.1",
    options: [...curveOptions, "search", "smoothness", "exponent", "axis", "candidates", "beam"],
    inner: logSnr,
    rule: (options, model) => lasRule(riskOf("las", options, model), options),
  },
];

/** Every schedule by name. */
export const schedules: Readonly<Record<string, Schedule>> = Object.fromEntries(
  table.map((s) => [s.name, s]),
);

export function scheduleNames(): string[] {
  return table.map(({ name }) => name);
}

function riskOf(
  name: string,
  { risk, allowOtherModel }: ScheduleOptions,
  { hash }: ScheduleModel = {},
): RiskArtifact {
  if (!risk) {
    throw new QuenchError(
      "INVALID_ARGUMENT",
      `schedule "${name}" needs the model's risk curve; quench calibrate risk measures it, and a request takes it as grid.risk`,
      { where: "grid.risk" },
    );
  }
  if (!allowOtherModel) requireSameModel(risk, hash, "grid.risk.model.sha256");
  return risk;
}
