import type { InferenceSession } from "onnxruntime-node";
import type { Model } from "../../denoiser/index.js";
import { type SampleRequest, sample } from "../../engine/index.js";
import { median } from "../spread.js";

/** Microseconds of a draw in which the runtime has nothing to do: medians. */
export interface Around {
  /** From the request to the first run of the network: the checks, the schedule, the noise. */
  readonly before: number;
  /** From the end of a run to the beginning of the next: a solver's step, and what feeds the network. */
  readonly between: number;
  /** From the end of the last run to the samples. */
  readonly after: number;
}

/** Draws whose model runs its network in `session` only. */
export async function measureAround(
  model: Model,
  session: InferenceSession,
  request: SampleRequest,
  draws: number,
): Promise<Around> {
  const before: number[] = [];
  const between: number[] = [];
  const after: number[] = [];
  for (let i = 0; i < draws; i++) {
    const runs: Run[] = [];
    const begun = performance.now();
    await clocked(session, runs, () => sample(model, { ...request, seed: i }));
    const ended = performance.now();
    before.push(runs[0]!.begun - begun);
    after.push(ended - runs.at(-1)!.ended);
    for (const [j, run] of runs.slice(1).entries()) between.push(run.begun - runs[j]!.ended);
  }
  const us = (milliseconds: readonly number[]) => (milliseconds.length ? 1000 * median(milliseconds) : 0);
  return { before: us(before), between: us(between), after: us(after) };
}

interface Run {
  readonly begun: number;
  readonly ended: number;
}

/** Notes when the session's runs begin and end, as long as the work goes on. */
async function clocked(session: InferenceSession, runs: Run[], work: () => Promise<unknown>): Promise<void> {
  const { run } = session;
  session.run = async (...given: unknown[]) => {
    const begun = performance.now();
    const answer = await Reflect.apply(run, session, given);
    runs.push({ begun, ended: performance.now() });
    return answer;
  };
  try {
    await work();
  } finally {
    session.run = run;
  }
}
