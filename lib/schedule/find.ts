import { parse } from "../checks/validate.js";
import { defined } from "../defined.js";
import { requireInteger } from "../errors.js";
import { atScaledSigma, type Level, type Process, scaledSigma } from "../process/index.js";
import { type LasSchedule, lossAdaptiveSchedule } from "./las.js";
import { placement } from "./placement.js";
import type { ScheduleModel } from "./registry.js";
import { type ScheduleRequest, scheduleRequestSchema } from "./schedule-request.js";

/** A grid and how it was found, as `quench schedule --json` prints it. */
export interface FoundSchedule {
  readonly method: string;
  readonly steps: number;
  /** steps + 1 scaled noise levels, noisy to clean. */
  readonly sigma: readonly number[];
  /** The process's time t of each, as a grid `{ t }` has it. */
  readonly times: readonly number[];
  /** The time that the model is told at each. */
  readonly modelTimes: readonly number[];
  /** What a search minimised, before levels are moved to whole timesteps; null where nothing is searched. */
  readonly objective: number | null;
  /** How it was searched; empty where nothing is. */
  readonly search: LasSchedule["search"] | Record<string, never>;
}

/**
 * Places a grid for a process. Searches run on a thread of their own, so they may be large, unlike those inside a
 * sample request; pass the grid on as `{ sigma }`.
 *
 * @throws QuenchError as a sample request with this grid; ABORTED
 */
export async function findSchedule(
  process: Process,
  request: ScheduleRequest,
  steps: number,
  { model = {}, signal }: { readonly model?: ScheduleModel; readonly signal?: AbortSignal } = {},
): Promise<FoundSchedule> {
  requireInteger(steps, "steps");
  parse(scheduleRequestSchema, request, "grid");
  const { schedule, options, from, to, finish, final = "min" } = placement(process, request, model);
  // Making the rule checks the options, the risk curve and its model.
  const rule = schedule.rule(options, model);
  let found: LasSchedule | undefined;
  let levels: Level[];
  let placed: Level[] = [];
  const intervals = final === "zero" ? steps - 1 : steps;
  if (schedule.name === "las" && intervals > 0) {
    const range = { sigmaMin: scaledSigma(to), sigmaMax: scaledSigma(from) };
    found = await lossAdaptiveSchedule(options.risk!, intervals, {
      ...options,
      ...range,
      ...defined({ signal }),
    });
    placed = found.sigma.map((sigma) => atScaledSigma(process, sigma));
    levels = finish(final, steps, () => placed);
  } else {
    levels = finish(final, steps, (count) => (count === 0 ? [from] : rule(process, from, to, count)));
  }
  return {
    method: schedule.name,
    steps,
    // A candidate's own number, which did not go through a logarithm.
    sigma: levels.map((level, k) => (found && level === placed[k] ? found.sigma[k]! : scaledSigma(level))),
    times: levels.map(({ t }) => t),
    modelTimes: levels.map(({ modelTime }) => modelTime),
    objective: found?.objective ?? null,
    search: found?.search ?? {},
  };
}
