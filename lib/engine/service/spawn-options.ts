import { availableParallelism } from "node:os";
import { type OptionNames, requireKnownOptions } from "../../checks/known-options.js";
import { isObject, received } from "../../checks/received.js";
import { requireArgument, requireInteger } from "../../errors.js";
import {
  defaultMaxBatch,
  defaultQueueLimit,
  type EngineRequestOptions,
  requireRequestOptions,
} from "../engine.js";
import { requireSignal } from "../require-request.js";
import { requireModelSource } from "./model-source.js";
import type { Frames, ModelSource } from "./protocol.js";
import type { Isolation } from "./worker-handle.js";

export interface SpawnOptions {
  /** A model folder, or a module that makes a denoiser. */
  readonly model: ModelSource;
  /** Most rows in one model call of one session. Default 32. */
  readonly maxBatch?: number;
  /** Workers, each with a session of its own, that share the queue. Default 1. */
  readonly sessions?: number;
  /** Threads inside a model call, per session. Default: the processors that this process may use, shared by the sessions. */
  readonly threads?: number;
  /** Most model rows of accepted requests, waiting or running. Default 4096. */
  readonly queueLimit?: number;
  /** "process" survives a native crash or a kill of the model's process. Default "thread". */
  readonly isolation?: Isolation;
  /** How often a request is run again when its worker died under it. Default 0. */
  readonly retries?: number;
  /**
   * Seconds that one model call may take; then its requests are rejected, or run again up to `retries`, and with
   * isolation "process" the worker is replaced. A thread cannot be stopped inside a call: it takes no requests until it
   * is back. Loading the model does not count. Default: as long as it wants.
   */
  readonly callTimeout?: number;
  /** Gives up loading the model; later it does nothing. `AbortSignal.timeout(30_000)` waits for half a minute. */
  readonly signal?: AbortSignal;
}

const spawnOptions: OptionNames<SpawnOptions> = {
  model: true,
  maxBatch: true,
  sessions: true,
  threads: true,
  queueLimit: true,
  isolation: true,
  retries: true,
  callTimeout: true,
  signal: true,
};

/** @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the option */
export function withSpawnDefaults(options: SpawnOptions): Required<Omit<SpawnOptions, "signal">> {
  requireModelSource(options);
  requireKnownOptions<SpawnOptions>(options, spawnOptions);
  requireSignal(options.signal);
  const { model, sessions = 1, isolation = "thread", retries = 0 } = options;
  const { threads = threadsFor(sessions) } = options;
  const { maxBatch = defaultMaxBatch, queueLimit = defaultQueueLimit, callTimeout = Infinity } = options;
  for (const [name, value] of Object.entries({ maxBatch, sessions, threads, queueLimit }))
    requireInteger(value, name);
  requireInteger(retries, "retries", { least: 0 });
  requireArgument(
    isolation === "thread" || isolation === "process",
    "isolation",
    `expected "thread" or "process", received ${String(isolation)}`,
  );
  requireArgument(
    typeof callTimeout === "number" && callTimeout > 0,
    "callTimeout",
    () => `expected a number above 0, received ${received(callTimeout)}`,
  );
  return { model, maxBatch, sessions, threads, queueLimit, isolation, retries, callTimeout };
}

/**
 * Threads inside a model call that leave no processor idle.
 * @param sessions that make calls at the same time
 */
export function threadsFor(sessions: number, processors = availableParallelism()): number {
  return Math.max(1, Math.floor(processors / sessions));
}

export interface SpawnedRequestOptions extends EngineRequestOptions {
  /** For `stream`: which vectors its reports carry. Default "none". */
  readonly frames?: Frames;
}

const frameNames: Readonly<Record<Frames, true>> = { none: true, x: true, prediction: true, both: true };

/** @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the option */
export function requireStreamOptions(options: SpawnedRequestOptions): void {
  requireArgument(isObject(options), "options", () => `expected an object, received ${received(options)}`);
  const { frames, ...others } = options;
  requireRequestOptions(others);
  requireArgument(
    frames === undefined || (typeof frames === "string" && Object.hasOwn(frameNames, frames)),
    "frames",
    () => `expected one of ${Object.keys(frameNames).join(", ")}, received ${received(frames)}`,
  );
}
