import { z } from "zod";
import { list } from "../checks/list.js";
import { isObject, received } from "../checks/received.js";
import type { DeepReadonly } from "../deep-readonly.js";
import { defined } from "../defined.js";
import { requireArgument } from "../errors.js";
import { atScaledSigma, type Level, level, type Process, scaledSigma } from "../process/index.js";
import { knownLevel } from "./known-level.js";
import { placement } from "./placement.js";
import type { ScheduleModel } from "./registry.js";
import { type GridTime, placeUniformly, type Rule, uniformIn } from "./schedule.js";
import { type ScheduleRequest, scheduleRequestSchema } from "./schedule-request.js";
import { logSnr } from "./uniform.js";

/** Index of the first value that is not below the one before it, or −1. */
const firstNotDecreasing = (values: readonly number[]) =>
  values.findIndex((v, i) => i > 0 && !(v < values[i - 1]!));

const explicitLevelSchema = z.strictObject({
  t: z.number(),
  modelTime: z.number(),
  alpha: z.number().nonnegative(),
  sigma: z.number().nonnegative(),
});

/** A grid in a request: a schedule's name, a schedule with options, or the nodes themselves, noisy to clean. */
export const gridSchema = z.union(
  [
    z.string(),
    scheduleRequestSchema,
    z.strictObject({ t: list(z.number()).min(2) }).describe("explicit process times"),
    z.strictObject({ sigma: list(z.number().nonnegative()).min(2) }).describe("explicit scaled noise levels"),
    z
      .strictObject({ levels: list(explicitLevelSchema).min(2) })
      .describe("explicit levels, for schedulers whose model time and noise level do not follow one process"),
    z
      .strictObject({
        steps: list(
          z.strictObject({
            from: explicitLevelSchema,
            to: explicitLevelSchema,
            at: explicitLevelSchema.optional(),
          }),
        ).min(1),
      })
      .describe(
        "explicit steps, for schedulers that evaluate at another level than the one they have come to",
      ),
  ],
  {
    error:
      "expected a schedule's name, { schedule: name, ... }, { sigma: [80, ..., 0] }, { t: [...] }, { levels: [...] } or { steps: [...] }",
  },
);
/** What {@link gridSchema} accepts; times and noise levels may also come in typed arrays. */
export type GridRequest =
  | Exclude<DeepReadonly<z.input<typeof gridSchema>>, { readonly t: unknown } | { readonly sigma: unknown }>
  | { readonly t: readonly number[] | Float32Array | Float64Array }
  | { readonly sigma: readonly number[] | Float32Array | Float64Array };

/** How many intervals an explicit grid has; undefined for a schedule, which places as many as it is asked for. */
export function intervalsOf(grid: GridRequest | undefined): number | undefined {
  if (grid === undefined || typeof grid === "string" || "schedule" in grid) return undefined;
  if ("steps" in grid) return grid.steps.length;
  const nodes = "t" in grid ? grid.t : "sigma" in grid ? grid.sigma : grid.levels;
  return nodes.length - 1;
}

/** A step between two levels, and where its evaluation is for, if not where it starts. */
export interface GridStep {
  readonly from: Level;
  readonly to: Level;
  readonly at?: Level;
}

/** What a solver steps through: the levels, noisy to clean, and the rule that placed them. */
export interface Grid {
  readonly levels: readonly Level[];
  /** The steps, where they do not simply go from level to level: `levels` then holds where each starts, and the end. */
  readonly steps?: readonly GridStep[];
  /** Places nodes inside a step, uniform in the time of the whole grid: both ends exactly, the others between. */
  readonly rule: Rule;
  readonly name: string;
}

/** A maker of grids of any number of intervals: solvers with several calls a step choose how many they need. */
export interface GridMaker {
  (intervals: number): Grid;
  /** Whether its grids end at σ = 0. */
  readonly toZero: boolean;
}

/**
 * Resolves a grid request for a process.
 * @throws QuenchError UNKNOWN_NAME for a schedule that does not exist, INVALID_ARGUMENT for explicit nodes that
 * are not strictly decreasing, out of the process's range, or of another number than `steps` + 1; MODEL_MISMATCH for a
 * risk curve of another model.
 */
export function gridMaker(
  process: Process,
  request: GridRequest,
  defaultFinal: "min" | "zero" = "min",
  model: ScheduleModel = {},
): GridMaker {
  requireArgument(
    typeof request === "string" || isObject(request),
    "grid",
    () => `expected a schedule's name or an object, received ${received(request)}`,
  );
  if (typeof request === "string") return scheduleMaker(process, { schedule: request }, defaultFinal, model);
  if ("schedule" in request) return scheduleMaker(process, request, defaultFinal, model);
  const steps = "steps" in request ? request.steps.map(explicitStep) : undefined;
  const levels = steps
    ? [...steps.map(({ from }) => from), steps.at(-1)!.to]
    : explicitLevels(process, request as Exclude<typeof request, { steps: unknown }>);
  const make = (intervals: number): Grid => {
    requireArgument(
      intervals === levels.length - 1,
      "grid",
      `the explicit grid has ${levels.length - 1} intervals but ${intervals} are needed`,
    );
    return { levels, ...defined({ steps }), rule: uniformIn(logSnr), name: "explicit" };
  };
  return Object.assign(make, { toZero: levels.at(-1)!.sigma === 0 });
}

function scheduleMaker(
  process: Process,
  request: ScheduleRequest,
  defaultFinal: "min" | "zero",
  model: ScheduleModel,
): GridMaker {
  const { schedule, options, from, to, finish, ...rest } = placement(process, request, model);
  const rule = schedule.rule(options, model);
  let time: GridTime | undefined;
  const inner: Rule = (_, start, end, intervals) => {
    time ??= schedule.time(options, model)(process, from, to);
    const nodes = placeUniformly(time, start, end, intervals);
    // Levels moved to whole timesteps may lie where the grid's time does not reach, or does not tell them apart.
    if (firstNotDecreasing(nodes.map(scaledSigma)) < 0) return nodes;
    return uniformIn(logSnr)(process, start, end, intervals);
  };
  const final = rest.final ?? defaultFinal;
  const make = (intervals: number): Grid => ({
    levels: finish(final, intervals, (count) => (count === 0 ? [from] : rule(process, from, to, count))),
    rule: inner,
    name: schedule.name,
  });
  return Object.assign(make, { toZero: final === "zero" });
}

type ExplicitNodes = Exclude<GridRequest, string | ScheduleRequest | { steps: unknown }>;
type ExplicitLevel = z.infer<typeof explicitLevelSchema>;

function explicitLevel({ t, modelTime, alpha, sigma }: ExplicitLevel): Level {
  return level(t, modelTime, alpha, sigma);
}

function explicitStep(
  step: { from: ExplicitLevel; to: ExplicitLevel; at?: ExplicitLevel | undefined },
  index: number,
): GridStep {
  const [from, to] = [explicitLevel(step.from), explicitLevel(step.to)];
  requireArgument(
    scaledSigma(to) <= scaledSigma(from),
    `grid.steps[${index}]`,
    "expected a step to a noise level sigma/alpha that is not higher",
  );
  return { from, to, ...(step.at ? { at: explicitLevel(step.at) } : {}) };
}

function explicitLevels(process: Process, request: ExplicitNodes): Level[] {
  if ("t" in request) return explicitTimes(process, [...request.t]);
  if ("sigma" in request) return explicitSigmas(process, [...request.sigma]);
  const levels = request.levels.map(explicitLevel);
  // Schedulers may end with a step of no length, which still costs a call.
  const moving = scaledSigma(levels.at(-1)!) === scaledSigma(levels.at(-2)!) ? levels.slice(0, -1) : levels;
  const bad = firstNotDecreasing(moving.map(scaledSigma));
  requireArgument(bad < 0, `grid.levels[${bad}]`, "expected strictly decreasing noise levels sigma/alpha");
  return levels;
}

function explicitTimes(process: Process, times: readonly number[]): Level[] {
  const bad = firstNotDecreasing(times);
  requireArgument(
    bad < 0,
    `grid.t[${bad}]`,
    `expected strictly decreasing times, received ${times[bad - 1]} then ${times[bad]}`,
  );
  return times.map((t, i) => {
    if (t === 0) return process.clean;
    requireArgument(
      t > 0 && t <= process.tStart * (1 + 1e-9),
      `grid.t[${i}]`,
      `expected a time in [0, ${process.tStart}], received ${t}`,
    );
    return knownLevel(process, process.at(t), `grid.t[${i}]`);
  });
}

function explicitSigmas(process: Process, sigmas: readonly number[]): Level[] {
  const bad = firstNotDecreasing(sigmas);
  requireArgument(
    bad < 0,
    `grid.sigma[${bad}]`,
    `expected strictly decreasing noise levels, received ${sigmas[bad - 1]} then ${sigmas[bad]}`,
  );
  return sigmas.map((sigma, i) => {
    requireArgument(
      Number.isFinite(sigma),
      `grid.sigma[${i}]`,
      `expected a finite number, received ${sigma}`,
    );
    if (sigma === 0) return process.clean;
    return knownLevel(process, atScaledSigma(process, sigma), `grid.sigma[${i}]`);
  });
}
