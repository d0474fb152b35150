import { join } from "node:path";
import { loadModel, type SessionOptions } from "../../denoiser/index.js";
import { loadRuntime, openSession } from "../../denoiser/onnx-runtime.js";
import type { Goal } from "../goals.js";
import { type Spread, spreadOf } from "../spread.js";
import { bareLoop, callsOfDraw } from "./bare-loop.js";

/** Milliseconds of a model call of each number of rows, with one set of session options. */
export interface SweepRow {
  readonly session: SessionOptions;
  readonly calls: readonly { readonly batch: number; readonly milliseconds: Spread }[];
  /** Geometric mean over the batches of the time over that with ONNX Runtime's own defaults. */
  readonly overDefaults: number;
}

export interface SessionSweep {
  readonly bench: "session-options";
  readonly model: string;
  readonly rounds: number;
  /** Fastest first. */
  readonly rows: readonly SweepRow[];
  readonly goals: readonly Goal[];
}

/** One option at a time, with one thread and with two; the first is ONNX Runtime's defaults. */
const sets: readonly SessionOptions[] = [
  {},
  ...[1, 2].flatMap((intraOpNumThreads) => [
    { intraOpNumThreads },
    { intraOpNumThreads, graphOptimizationLevel: "extended" as const },
    { intraOpNumThreads, graphOptimizationLevel: "basic" as const },
    { intraOpNumThreads, enableCpuMemArena: false },
    { intraOpNumThreads, enableMemPattern: false },
    ...(intraOpNumThreads > 1 ? [{ intraOpNumThreads, allowSpinning: false }] : []),
  ]),
];

/** @param calls for each batch: model calls per round */
export async function sessionSweep(
  path: string,
  calls: Readonly<Record<number, number>>,
  rounds: number,
  onNote: (note: string) => void = () => {},
): Promise<SessionSweep> {
  const model = await loadModel(path);
  const runtime = await loadRuntime();
  const network = join(model.folder, model.config.file ?? "model.onnx");
  const batches = Object.keys(calls).map(Number);
  const times = sets.map(() => batches.map(() => [] as number[]));
  const asked = await Promise.all(
    batches.map((count) => callsOfDraw(model, { steps: 1, count, ...(model.classes ? { labels: 0 } : {}) })),
  );
  // Round by round, so that a machine's drift falls on all sets; one session at a time, so that none spins beside
  // another.
  for (let round = 0; round < rounds; round++) {
    for (const [i, set] of sets.entries()) {
      const session = await openSession(runtime, network, set);
      const bare = await bareLoop(model, session);
      for (const [j, batch] of batches.entries()) {
        await bare(asked[j]!);
        for (let call = 0; call < calls[batch]!; call++) times[i]![j]!.push(await bare(asked[j]!));
      }
      await session.release();
    }
    onNote(`round ${round + 1} of ${rounds}`);
  }
  await model.close();
  const measured = sets.map((session, i) => ({
    session,
    calls: batches.map((batch, j) => ({ batch, milliseconds: spreadOf(times[i]![j]!) })),
  }));
  const rows = measured.map((row) => {
    const logs = row.calls.map(({ milliseconds }, j) =>
      Math.log(milliseconds.median / measured[0]!.calls[j]!.milliseconds.median),
    );
    return { ...row, overDefaults: Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length) };
  });
  return {
    bench: "session-options",
    model: model.name,
    rounds,
    rows: rows.sort((a, b) => a.overDefaults - b.overDefaults),
    goals: [],
  };
}
