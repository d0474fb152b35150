/** Runs in a worker thread or a child process: one model, one engine, requests in and samples out by messages. */
import { once } from "node:events";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { type Denoiser, loadModel } from "../../denoiser/index.js";
import { QuenchError } from "../../errors.js";
import { Engine } from "../engine.js";
import type { StepReport } from "../run.js";
import {
  type Frames,
  type FromWorker,
  type ModelSource,
  type PortableReport,
  packError,
  type ToWorker,
  type WorkerSetup,
} from "./protocol.js";

/** Statistics travel at most this often. */
const callsIntervalMilliseconds = 50;

interface Channel {
  readonly setup: WorkerSetup;
  send(message: FromWorker, transfer?: ArrayBuffer[]): void;
  receive(handler: (message: ToWorker) => void): void;
  close(): void;
}

async function main(): Promise<void> {
  const channel = isMainThread ? await processChannel() : threadChannel();
  const { setup } = channel;
  let denoiser: Denoiser;
  try {
    denoiser = await openModel(setup.model, setup.threads);
  } catch (error) {
    channel.send({ type: "refused", error: packError(error) });
    channel.close();
    return;
  }
  const calls: number[] = [];
  let reported = 0;
  const engine = new Engine(denoiser, {
    maxBatch: setup.maxBatch,
    queueLimit: Number.MAX_SAFE_INTEGER, // the host bounds the queue
    onCall: (rows, milliseconds) => {
      calls.push(rows, milliseconds);
      if (performance.now() - reported > callsIntervalMilliseconds) reportCalls();
    },
  });
  const reportCalls = () => {
    reported = performance.now();
    if (calls.length > 0) channel.send({ type: "calls", calls: calls.splice(0) });
  };
  const running = new Map<number, AbortController>();

  channel.receive((message) => {
    if (message.type === "sample") {
      const control = new AbortController();
      running.set(message.id, control);
      void serve(engine, message, control.signal, channel).finally(() => {
        running.delete(message.id);
        if (running.size === 0) reportCalls();
      });
    } else if (message.type === "cancel") {
      running.get(message.id)?.abort();
    } else {
      // Nothing may keep the thread or process alive after this: it ends by itself, natively clean.
      void engine.close({ drain: true }).finally(() => channel.close());
    }
  });
  const { name, shape, classes, nullClass, valueRange, hash } = denoiser;
  channel.send({
    type: "ready",
    model: {
      name,
      shape,
      ...(classes ? { classes } : {}),
      ...(nullClass === undefined ? {} : { nullClass }),
      ...(valueRange ? { valueRange } : {}),
      ...(hash ? { hash } : {}),
    },
  });
}

async function serve(
  engine: Engine,
  message: Extract<ToWorker, { type: "sample" }>,
  signal: AbortSignal,
  channel: Channel,
): Promise<void> {
  const { id, request, frames } = message;
  try {
    const options = {
      signal,
      ...(frames ? {} : { onProgress: (progress) => channel.send({ type: "progress", id, progress }) }),
    } satisfies Parameters<Engine["stream"]>[1];
    const steps = engine.stream(
      frames && frames !== "none" ? { ...request, onStep: () => {} } : request,
      options,
    );
    for (;;) {
      const { done, value } = await steps.next();
      if (done) {
        channel.send({ type: "result", id, samples: value }, [value.data.buffer as ArrayBuffer]);
        return;
      }
      if (frames) {
        const report = pack(value, frames);
        const transfer = [report.x, report.prediction].flatMap((v) => (v ? [v.buffer as ArrayBuffer] : []));
        channel.send({ type: "step", id, report }, transfer);
      }
    }
  } catch (error) {
    channel.send({ type: "error", id, error: packError(error) });
  }
}

function pack(report: StepReport, frames: Frames): PortableReport {
  const { index, steps, level, evaluations } = report;
  return {
    index,
    steps,
    level,
    evaluations,
    ...(frames === "x" || frames === "both" ? { x: report.x() } : {}),
    ...(frames === "prediction" || frames === "both" ? { prediction: report.prediction() } : {}),
  };
}

async function openModel(source: ModelSource, threads: number): Promise<Denoiser> {
  if (typeof source === "string") return loadModel(source, { session: { intraOpNumThreads: threads } });
  if ("path" in source) {
    const { session, ...rest } = source.options ?? {};
    return loadModel(source.path, { ...rest, session: { intraOpNumThreads: threads, ...session } });
  }
  const loaded = (await import(source.module)) as Record<string, unknown>;
  const make = loaded[source.export ?? "default"];
  if (typeof make !== "function") {
    throw new QuenchError(
      "INVALID_MODEL",
      `expected a function that returns a denoiser as export "${source.export ?? "default"}"`,
      { where: source.module },
    );
  }
  return (await make(source.argument)) as Denoiser;
}

function threadChannel(): Channel {
  const port = parentPort!;
  return {
    setup: workerData as WorkerSetup,
    send: (message, transfer = []) => port.postMessage(message, transfer),
    receive: (handler) => port.on("message", handler),
    close: () => port.close(),
  };
}

async function processChannel(): Promise<Channel> {
  const [setup] = (await once(process, "message")) as [WorkerSetup];
  process.on("disconnect", () => process.exit(0)); // the host is gone: nobody waits for the rest
  process.on("SIGINT", () => {}); // Ctrl-C reaches the whole group; the host decides
  return {
    setup,
    send: (message) => void process.send?.(message, undefined, undefined, () => {}),
    receive: (handler) => process.on("message", handler),
    close: () => process.disconnect(),
  };
}

await main();
