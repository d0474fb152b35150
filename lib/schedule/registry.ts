import { byName } from "../by-name.js";
import { requireSameModel } from "../denoiser/model-stamp.js";
import { QuenchError } from "../errors.js";
import { timeOfEntropy } from "./entropic.js";
import { gaussianOptimalTime, gaussianScale } from "./gaussian-optimal.js";
import { lasRule } from "./las.js";
import { iddpmRule, polyexponentialTime, vpTime } from "./noise-level.js";
import type { RiskArtifact } from "./risk-artifact.js";
import { riskCurve } from "./risk-curve.js";
import { type Rule, type TimeBetween, uniformIn } from "./schedule.js";
import type { ScheduleOption, ScheduleOptions } from "./schedule-request.js";
import { leadingSpacing, linspaceSpacing, timestepRule, trailingSpacing } from "./timesteps.js";
import { betaTime, edmTime, logSnr, processTime, rootTime, sgmUniform } from "./uniform.js";

/** What a schedule may want to know of the model it is for. */
export interface ScheduleModel {
  readonly name?: string;
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
  /**
   * The time that the grid is uniform in, and nodes inside its steps too.
   * @throws QuenchError INVALID_ARGUMENT where an option that it needs is missing
   */
  time(options: ScheduleOptions, model?: ScheduleModel): TimeBetween;
  /** Places the grid. @throws QuenchError as {@link time} */
  rule(options: ScheduleOptions, model?: ScheduleModel): Rule;
}

/** A schedule that names no rule is uniform in its time. */
type Entry = Omit<Schedule, "rule"> & Partial<Pick<Schedule, "rule">>;

const curveOptions = ["risk", "allowOtherModel", "ceiling", "monotone"] as const;

const table: readonly Entry[] = [
  {
    name: "time-uniform",
    summary: "uniform in time",
    source: "Ho et al. 2020",
    options: [],
    time: () => processTime,
  },
  {
    name: "time-quadratic",
    summary: "uniform in the square root of time",
    source: "Song et al. 2021 (DDIM), App. D.2",
    options: [],
    time: () => rootTime,
  },
  {
    name: "log-snr",
    summary: "uniform in half-log-SNR",
    source: "Lu et al. 2022 (DPM-Solver), 3.2",
    options: [],
    time: () => logSnr,
  },
  {
    name: "exponential",
    summary: "log-snr under k-diffusion's name",
    source: "k-diffusion, get_sigmas_exponential",
    options: [],
    time: () => logSnr,
  },
  {
    name: "edm",
    summary: "uniform in sigma^(1/rho), rho 7",
    source: "Karras et al. 2022, Eq. 5",
    options: ["rho"],
    time: ({ rho }) => edmTime(rho),
  },
  {
    name: "karras",
    summary: "edm under k-diffusion's name",
    source: "k-diffusion, get_sigmas_karras",
    options: ["rho"],
    time: ({ rho }) => edmTime(rho),
  },
  {
    name: "polyexponential",
    summary: "ln sigma falls as (1 - u)^rho, rho 1: log-snr",
    source: "k-diffusion, get_sigmas_polyexponential",
    options: ["rho"],
    time: ({ rho }) => polyexponentialTime(rho),
  },
  {
    name: "vp",
    summary: "uniform in the time of the linear VP process through both ends, whatever the model's process",
    source: "Karras et al. 2022, Table 1",
    options: ["rho"],
    time: ({ rho }) => vpTime(rho),
  },
  {
    name: "iddpm",
    summary: "levels of improved DDPM's cosine table inside the range, evenly by index",
    source: "Karras et al. 2022, Table 1; Nichol & Dhariwal 2021",
    options: [],
    time: () => logSnr,
    rule: () => iddpmRule,
  },
  {
    name: "sgm-uniform",
    summary: "uniform in time with the cleanest node left out, then zero",
    source: "Stability AI generative-models",
    options: [],
    final: "zero",
    time: () => processTime,
    rule: () => sgmUniform,
  },
  {
    name: "beta",
    summary: "time at the quantiles of Beta(0.6, 0.6)",
    source: "Lee et al. 2024",
    options: [],
    time: () => betaTime,
  },
  {
    name: "leading",
    summary: "every k-th timestep of a discrete process from 0, then zero",
    source: "Lin et al. 2024, Table 2",
    options: [],
    final: "zero",
    time: () => processTime,
    rule: () => timestepRule("leading", leadingSpacing),
  },
  {
    name: "trailing",
    summary: "every k-th timestep of a discrete process from the noisiest, then zero",
    source: "Lin et al. 2024, Table 2",
    options: [],
    final: "zero",
    time: () => processTime,
    rule: () => timestepRule("trailing", trailingSpacing),
  },
  {
    name: "linspace",
    summary: "timesteps of a discrete process evenly from the noisiest to 0, then zero",
    source: "Lin et al. 2024, Table 2",
    options: [],
    final: "zero",
    time: () => processTime,
    rule: () => timestepRule("linspace", linspaceSpacing),
  },
  {
    name: "gaussian-optimal",
    summary: "uniform in arctan(sigma/c), best for Gaussian data of deviation c",
    source: "Sabour et al. 2024, Thm 3.1; ETS Eq. 6",
    options: ["sigmaData", ...curveOptions],
    time: (options, model) =>
      gaussianOptimalTime(
        options.sigmaData ?? gaussianScale(riskCurve(riskOf("gaussian-optimal", options, model), options)),
      ),
  },
  {
    name: "entropic",
    summary: "equal conditional entropy in every step",
    source: "Stancevic et al. 2025 (ETS), Eq. 13",
    options: [...curveOptions, "quadrature"],
    time: (options, model) => timeOfEntropy(riskOf("entropic", options, model), "entropic", options),
  },
  {
    name: "rescaled-entropic",
    summary: "equal conditional entropy, its rate times sigma",
    source: "Stancevic et al. 2025 (ETS), 5.3",
    options: [...curveOptions, "quadrature"],
    time: (options, model) => timeOfEntropy(riskOf("rescaled-entropic", options, model), "rescaled", options),
  },
  {
    name: "spectral-entropic",
    summary: "rescaled per frequency, weighted by the images' amplitudes",
    source: "Stancevic et al. 2025 (ETS), 5.4",
    options: [...curveOptions, "quadrature"],
    time: (options, model) => timeOfEntropy(riskOf("spectral-entropic", options, model), "spectral", options),
  },
  {
    name: "las",
    summary: "loss-adaptive: least bound on the KL divergence, by search over candidate levels",
    source: "LAS (loss-adaptive schedules), Eq. F.1",
    options: [...curveOptions, "search", "smoothness", "exponent", "axis", "candidates", "beam"],
    time: () => logSnr,
    rule: (options, model) => lasRule(riskOf("las", options, model), options),
  },
];

/** Every schedule by name. */
export const schedules: Readonly<Record<string, Schedule>> = byName(
  Object.fromEntries(
    table.map((s) => [s.name, { rule: (options, model) => uniformIn(s.time(options, model)), ...s }]),
  ),
);

/** Whether a schedule of this name is uniform in half-log-SNR: there are two names for it. */
export function isLogSnr(name: string): boolean {
  return name === "log-snr" || name === "exponential";
}

export function scheduleNames(): string[] {
  return table.map(({ name }) => name);
}

function riskOf(
  name: string,
  { risk, allowOtherModel }: ScheduleOptions,
  model: ScheduleModel = {},
): RiskArtifact {
  if (!risk) {
    throw new QuenchError(
      "INVALID_ARGUMENT",
      `schedule "${name}" needs the model's risk curve; quench calibrate risk measures it, and a request takes it as grid.risk`,
      { where: "grid.risk" },
    );
  }
  if (!allowOtherModel) requireSameModel(risk.model, model, "the risk curve was measured", "grid.risk.model");
  return risk;
}
