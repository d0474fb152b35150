import { QuenchError, requireArgument, unknownName } from "../errors.js";
import { atScaledSigma, type Level, type Process, scaledSigma } from "../process/index.js";
import { knownLevel } from "./known-level.js";
import { type Schedule, type ScheduleModel, scheduleNames, schedules } from "./registry.js";
import type { ScheduleOption, ScheduleOptions, ScheduleRequest } from "./schedule-request.js";
import { atIntegerTimesteps } from "./timesteps.js";

/** A schedule request that has been checked against a process. */
export interface Placement {
  readonly schedule: Schedule;
  readonly options: ScheduleOptions;
  readonly from: Level;
  readonly to: Level;
  /** Where the grid ends, if the request or the schedule says. */
  readonly final: "min" | "zero" | undefined;
  /** The levels of a grid of `steps` from a function that places so many intervals. */
  finish(final: "min" | "zero", steps: number, place: (intervals: number) => Level[]): Level[];
}

/**
 * @throws QuenchError UNKNOWN_NAME, INVALID_ARGUMENT for an option that the schedule does not take, or an empty range
 */
export function placement(process: Process, request: ScheduleRequest, model: ScheduleModel): Placement {
  const { schedule: name, sigmaMax, sigmaMin, final, timesteps, ...options } = request;
  const schedule = schedules[name];
  if (!schedule) throw unknownName("schedule", name, scheduleNames(), { where: "grid" });
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined || schedule.options.includes(option as ScheduleOption)) continue;
    throw new QuenchError("INVALID_ARGUMENT", `schedule "${name}" takes no ${option}`, {
      where: `grid.${option}`,
    });
  }
  const at = (sigma: number, where: string) =>
    knownLevel(process, atScaledSigma(process, sigma), `grid.${where}`);
  const from = sigmaMax === undefined ? process.at(process.tStart) : at(sigmaMax, "sigmaMax");
  const to = sigmaMin === undefined ? process.at(process.tEnd) : at(sigmaMin, "sigmaMin");
  requireArgument(
    from.lambda < to.lambda,
    "grid",
    `expected sigmaMin < sigmaMax, received ${scaledSigma(to)} and ${scaledSigma(from)}`,
  );
  const integers = timesteps ? timesteps === "integer" : model.integerTimes && process.alphasCumulative;
  return {
    schedule,
    options,
    from,
    to,
    final: final ?? schedule.final,
    finish(end, steps, place) {
      // N nodes of the rule and a last step to zero, as EDM's sampler has it; a single step goes there directly.
      const levels = end === "zero" ? [...place(steps - 1), process.clean] : place(steps);
      const bad = levels.findIndex(
        (level, i) => i > 0 && !(scaledSigma(level) < scaledSigma(levels[i - 1]!)),
      );
      requireArgument(
        bad < 0,
        "grid",
        () =>
          `schedule "${name}" with these options places levels that do not fall: ` +
          `sigma ${scaledSigma(levels[bad]!)} after ${scaledSigma(levels[bad - 1]!)}`,
      );
      return integers ? atIntegerTimesteps(process, levels) : levels;
    },
  };
}
