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
];

/** Every schedule by name. */
export const schedules: Readonly<Record<string, Schedule>> = Object.fromEntries(
  table.map((s) => [s.name, s]),
);

export function scheduleNames(): string[] {
  return table.map(({ name }) => name);
}
