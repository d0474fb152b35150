import { availableParallelism } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { loadModel } from "../../denoiser/index.js";
import { Engine } from "../../engine/index.js";
import { threadsFor } from "../../engine/service/spawn-options.js";
import { atLeast, below, type Goal } from "../goals.js";
import {
  fullStaticBatches,
  latencyOfOneServer,
  type Measurement,
  oneAfterAnother,
  throughEngine,
} from "./arms.js";
import { mixedWorkload, type Workload } from "./workload.js";

export interface EngineBenchOptions {
  readonly model: string;
  readonly requests: number;
  readonly rounds: number;
  readonly maxBatch: number;
  readonly sessions: number;
  /** Default: the processors, shared by the sessions. */
  readonly threads?: number;
  /** Arrival rate of the Poisson process, as a part of the engine's own rate with all at once. */
  readonly saturation: number;
  readonly onNote?: (note: string) => void;
}

export interface EngineBench {
  readonly bench: "engine";
  readonly options: Settings;
  readonly samples: number;
  /** Inline, one session; the round of the median ratio of (b) to (c). */
  readonly atOnce: Record<"sequential" | "engine" | "ideal", Measurement>;
  /** (b) / (c) in samples per second, of every round. */
  readonly ratios: readonly number[];
  /** Spawned; requests one after another are computed from their measured times. */
  readonly poisson: { readonly requestsPerSecond: number } & Record<
    "sequential" | "engine",
    Partial<Measurement>
  >;
  /** Of the host while the spawned engine is full, in milliseconds; includes the timer's own millisecond. */
  readonly eventLoopDelay: {
    readonly p50: number;
    readonly p99: number;
    readonly max: number;
    /** The same p99 of two seconds in which the engine had nothing to do: what the machine itself costs. */
    readonly idleP99: number;
  };
  readonly goals: readonly Goal[];
}

type Settings = Required<Omit<EngineBenchOptions, "onNote">>;

export async function engineBench({
  onNote = () => {},
  threads,
  ...given
}: EngineBenchOptions): Promise<EngineBench> {
  const options = { ...given, threads: threads ?? threadsFor(given.sessions) };
  const workload = mixedWorkload(options.requests);
  const rounds = [];
  for (let round = 0; round < options.rounds; round++) {
    rounds.push(await inlineRound(options, workload));
    const { engine, ideal, ratio } = rounds.at(-1)!;
    onNote(
      `round ${round + 1}: engine ${engine.samplesPerSecond.toFixed(2)}, ideal ${ideal.samplesPerSecond.toFixed(2)} samples/s, ratio ${ratio.toFixed(3)}`,
    );
  }
  const sorted = [...rounds].sort((a, b) => a.ratio - b.ratio);
  const { ratio, service, sequential, engine, ideal } = sorted[Math.floor((sorted.length - 1) / 2)]!;
  const spawned = await spawnedRun(options, workload, service);
  return {
    bench: "engine",
    options,
    samples: workload.samples,
    atOnce: { sequential, engine, ideal },
    ratios: rounds.map((each) => each.ratio),
    ...spawned,
    goals: [
      atLeast("engine samples/s over ideal static batches", ratio, 0.95),
      below("event-loop delay p99 under full load, ms", spawned.eventLoopDelay.p99, 5),
    ],
  };
}

/** The three arms in one process, one after another, so that a busy machine slows all of them. */
async function inlineRound({ model, threads, maxBatch }: Settings, workload: Workload) {
  const denoiser = await loadModel(model, { session: { intraOpNumThreads: threads } });
  const engine = new Engine(denoiser, { maxBatch, queueLimit: workload.samples });
  try {
    await fullStaticBatches(denoiser, workload, maxBatch * 15, maxBatch); // warm
    const { service, ...sequential } = await oneAfterAnother(denoiser, workload);
    const rows = sequential.modelRowsPerSecond * sequential.seconds;
    // Half of the ideal before the engine and half after it: the machine's drift falls on both alike.
    const before = await fullStaticBatches(denoiser, workload, rows / 2, maxBatch);
    const through = await throughEngine(engine, workload);
    const after = await fullStaticBatches(denoiser, workload, rows / 2, maxBatch);
    const seconds = before.seconds + after.seconds;
    const ideal = {
      seconds,
      samplesPerSecond: workload.samples / seconds,
      modelRowsPerSecond: rows / seconds,
    };
    return {
      sequential,
      service,
      engine: through,
      ideal,
      ratio: through.modelRowsPerSecond / ideal.modelRowsPerSecond,
    };
  } finally {
    await engine.close();
  }
}

async function spawnedRun(
  { model, sessions, threads, maxBatch, saturation }: Settings,
  workload: Workload,
  service: readonly number[],
) {
  const engine = await Engine.spawn({ model, sessions, threads, maxBatch, queueLimit: workload.samples });
  try {
    const idle = monitorEventLoopDelay({ resolution: 1 });
    idle.enable();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    idle.disable();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const atOnce = await throughEngine(engine, workload);
    delay.disable();
    const requestsPerSecond = (saturation * workload.requests.length) / atOnce.seconds;
    const arrivals = workload.arrivals.map((gap) => (1000 * gap) / requestsPerSecond);
    const measured = await throughEngine(engine, workload, arrivals);
    return {
      poisson: {
        requestsPerSecond,
        sequential: { latency: latencyOfOneServer(service, arrivals) },
        engine: measured,
      },
      eventLoopDelay: {
        p50: delay.percentile(50) / 1e6,
        p99: delay.percentile(99) / 1e6,
        max: delay.max / 1e6,
        idleP99: idle.percentile(99) / 1e6,
      },
    };
  } finally {
    await engine.close();
  }
}

export interface SweepRow extends Measurement {
  readonly maxBatch: number;
  readonly sessions: number;
  readonly threads: number;
}

/**
 * All requests at once through spawned engines: with one thread, with a thread per processor, and with as many sessions
 * of one thread. They take turns, so that a machine that slows down slows all of them.
 */
export async function engineSweep(
  model: string,
  requests: number,
  maxBatches: readonly number[],
  onNote: (note: string) => void = () => {},
): Promise<SweepRow[]> {
  const processors = availableParallelism();
  const placements =
    processors === 1
      ? [[1, 1] as const]
      : ([
          [1, 1],
          [1, processors],
          [processors, 1],
        ] as const);
  const workload = mixedWorkload(requests);
  const table: SweepRow[] = [];
  for (const maxBatch of maxBatches) {
    for (const [sessions, threads] of placements) {
      const engine = await Engine.spawn({ model, sessions, threads, maxBatch, queueLimit: workload.samples });
      const measured = await throughEngine(engine, workload);
      await engine.close();
      table.push({ maxBatch, sessions, threads, ...measured });
      onNote(
        `${sessions} × ${threads}, maxBatch ${maxBatch}: ${measured.samplesPerSecond.toFixed(2)} samples/s`,
      );
    }
  }
  return table;
}
