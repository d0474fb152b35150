import { iddpmRule, polyexponentialRule, vpTimeRule } from "./noise-level.js";
import type { Rule } from "./schedule.js";
import { edmRule, logSnr, timeQuadratic, timeUniform } from "./uniform.js";

export interface ScheduleOptions {
  readonly rho?: number | undefined;
}

export interface Schedule {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  /** The options of a grid request that this schedule takes. */
  readonly options: readonly (keyof ScheduleOptions)[];
  rule(options: ScheduleOptions): Rule;
}

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
    name: "edm",
    summary: "uniform in sigma^(1/rho), rho 7",
    source: "Karras et al. 2022, Eq. 5",
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
];

/** Every schedule by name. */
export const schedules: Readonly<Record<string, Schedule>> = Object.fromEntries(
  table.map((s) => [s.name, s]),
);

export function scheduleNames(): string[] {
  return table.map(({ name }) => name);
}
