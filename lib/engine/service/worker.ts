/** Runs in a worker thread or a child process: one model, one engine, requests in and samples out by messages. */

import { once } from "node:events";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { defined } from "../../defined.js";
import { type Denoiser, loadModel } from "../../denoiser/index.js";
import { requireDenoiser } from "../../denoiser/require-denoiser.js";
import { QuenchError, reasonOf } from "../../errors.js";
import { Engine } from "../engine.js";
import type { Tick } from "../statistics.js";
import { passGate } from "./exit-gate.js";
import { type FromWorker, type ModelSource, packError, type ToWorker, type WorkerSetup } from "./protocol.js";
import { ServedRequest } from "./served-request.js";

/** Statistics travel at most this often. */
const loadIntervalMilliseconds = 50;
/** How long what a model left behind (timers, sockets) may keep the thread or process from ending. */
const lingerMilliseconds = 500;

type ModuleSource = Extract<ModelSource, { readonly module: unknown }>;

interface Channel {
  readonly setup: WorkerSetup;
  send(message: FromWorker, transfer?: ArrayBuffer[]): void;
  receive(handler: (message: ToWorker) => void): void;
  close(): void;
}

async function main(): Promise<void> {
  const channel = isMainThread ? await processChannel() : threadChannel();
  const { model, threads, maxBatch, gate } = channel.setup;
  let callBegun: number | undefined;
  const guarded = async <T>(call: () => Promise<T>) => {
    callBegun = performance.now();
    try {
      return await (gate ? passGate(gate, call) : call());
    } finally {
      callBegun = undefined;
    }
  };
  let denoiser: Denoiser;
  try {
    denoiser = await guarded(() => openModel(model, threads));
  } catch (error) {
    channel.send({ type: "refused", error: packError(error) });
    end(channel);
    return;
  }
  const ticks: Tick[] = [];
  let reported = 0;
  const engine = new Engine(denoiser, {
    maxBatch,
    queueLimit: Number.MAX_SAFE_INTEGER, // the host bounds the queue
    aroundCall: guarded,
    onTick: (tick) => {
      ticks.push(tick);
      if (performance.now() - reported > loadIntervalMilliseconds) reportLoad();
    },
  });
  const reportLoad = () => {
    reported = performance.now();
    const { vectorBytes, peakVectorBytes } = engine.stats();
    channel.send({ type: "load", load: { ticks: ticks.splice(0), vectorBytes, peakVectorBytes } });
  };
  const running = new Map<number, ServedRequest>();

  channel.receive((message) => {
    if (message.type === "sample") {
      const served = new ServedRequest(message, channel.send);
      running.set(message.id, served);
      void served.run(engine).finally(() => {
        running.delete(message.id);
        if (running.size === 0) reportLoad();
      });
    } else if (message.type === "close") {
      void engine.close({ drain: true }).finally(() => end(channel));
    } else if (message.type === "ask") {
      const callMilliseconds = callBegun === undefined ? 0 : performance.now() - callBegun;
      channel.send({ type: "alive", callMilliseconds });
    } else if (message.type === "cancel") {
      running.get(message.id)?.cancel();
    } else {
      running.get(message.id)?.wasRead();
    }
  });
  const { name, shape, classes, nullClass, conditions, valueRange, hash } = denoiser;
  channel.send({
    type: "ready",
    model: {
      name,
      shape,
      ...defined({ classes, nullClass, conditions, valueRange, hash }),
    },
  });
}

/** The thread or process ends by itself now; no model call is under way. */
function end(channel: Channel): void {
  channel.close();
  setTimeout(() => process.exit(0), lingerMilliseconds).unref();
}

async function openModel(source: ModelSource, threads: number): Promise<Denoiser> {
  if (typeof source === "string") return loadModel(source, { session: { intraOpNumThreads: threads } });
  if ("path" in source) {
    const { session, ...rest } = source.options ?? {};
    return loadModel(source.path, { ...rest, session: { intraOpNumThreads: threads, ...session } });
  }
  return openModule(source);
}

/** @throws QuenchError INVALID_MODEL for a module that makes no denoiser; what its function throws, where that is one of ours */
async function openModule({ module, export: name = "default", argument }: ModuleSource): Promise<Denoiser> {
  const refused = (reason: string, cause?: unknown) =>
    new QuenchError("INVALID_MODEL", reason, { where: String(module), cause });
  const loaded = await import(String(module)).catch((cause: unknown) => {
    throw refused(`the module cannot be loaded (${reasonOf(cause)})`, cause);
  });
  const make: unknown = loaded[name];
  if (typeof make !== "function")
    throw refused(`expected a function that returns a denoiser as export "${name}"`);
  let made: unknown;
  try {
    made = await make(argument);
  } catch (cause) {
    throw cause instanceof QuenchError ? cause : refused(`"${name}" failed (${reasonOf(cause)})`, cause);
  }
  try {
    requireDenoiser(made as Denoiser);
  } catch (cause) {
    throw refused(`"${name}" made no denoiser: ${reasonOf(cause)}`, cause);
  }
  return made as Denoiser;
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
  // Ctrl-C and a supervisor's SIGTERM reach the whole group, and the host may want to finish what it has.
  process.on("SIGINT", () => {}).on("SIGTERM", () => {});
  process.on("disconnect", () => process.exit(0)); // the host is gone, or has what it wanted
  const [setup] = (await once(process, "message")) as [WorkerSetup];
  return {
    setup,
    send: (message) => void process.send?.(message, undefined, undefined, () => {}),
    receive: (handler) => process.on("message", handler),
    close: () => process.disconnect(),
  };
}

await main();
