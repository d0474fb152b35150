import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { reasonOf } from "../../errors.js";
import { openGate, removeGate } from "./exit-gate.js";
import type { FromWorker, ToWorker, WorkerSetup } from "./protocol.js";

/**
 * A worker that an engine runs in, a thread or a child process, as its host sees it. Ends only when told to, or when it
 * dies. Does not keep the host running.
 */
export interface WorkerHandle {
  /** @throws DataCloneError for a message that cannot be sent */
  send(message: ToWorker): void;
  /** Ends a child process at once; a thread cannot be ended from outside without taking the process with it. */
  kill?(): void;
  /** Of a child process. */
  readonly pid?: number | undefined;
}

export interface WorkerEvents {
  message(message: FromWorker): void;
  /** Called once, when nothing more will come. `reason` says why, where it was not asked to stop. */
  exit(reason: string): void;
}

export type Isolation = "thread" | "process";

const entry = new URL("./worker.js", import.meta.url);

/** Options of the host's node that speak of the host's own script: a child given `--eval` would run that again. */
const ofTheScript = /^(-e|-p|-pe|--eval|--print|--input-type|--inspect|--test|--watch)\b/;
const takesScript = /^(-e|-p|-pe|--eval|--print)$/;
const childOptions = process.execArgv.filter(
  (option, i, all) => !ofTheScript.test(option) && !takesScript.test(all[i - 1] ?? ""),
);
/** Threads inherit what they can; V8's options, which are the whole process's anyway, must not be listed for them. */
const threadOptions = childOptions.length === process.execArgv.length ? {} : { execArgv: [] };

export function startWorker(isolation: Isolation, setup: WorkerSetup, events: WorkerEvents): WorkerHandle {
  return isolation === "thread" ? startThread(setup, events) : startProcess(setup, events);
}

function startThread(setup: WorkerSetup, events: WorkerEvents): WorkerHandle {
  const gate = openGate();
  const worker = new Worker(entry, {
    ...threadOptions,
    workerData: { ...setup, gate } satisfies WorkerSetup,
  });
  let failure = "";
  worker.on("message", (message: FromWorker) => events.message(message));
  worker.on("error", (error) => {
    failure = `: ${reasonOf(error)}`;
  });
  worker.on("exit", (code) => {
    removeGate(gate);
    events.exit(`the worker thread exited with code ${code}${failure}`);
  });
  worker.unref(); // after its listeners: each of them takes a reference
  return { send: (message) => worker.postMessage(message) };
}

function startProcess(setup: WorkerSetup, events: WorkerEvents): WorkerHandle {
  // What a model prints must not end up in the output of a command that prints JSON.
  const child = fork(fileURLToPath(entry), [], {
    serialization: "advanced",
    stdio: ["ignore", 2, 2, "ipc"],
    execArgv: childOptions,
  });
  let exited = false;
  const exit = (reason: string) => {
    if (exited) return;
    exited = true;
    events.exit(reason);
  };
  child.on("message", (message) => {
    if (!exited) events.message(message as FromWorker);
  });
  child.on("error", (error) => exit(`the child process failed: ${error.message}`));
  child.on("exit", (code, signal) =>
    exit(`the child process ${signal ? `was killed by ${signal}` : `exited with code ${code}`}`),
  );
  const send = (message: ToWorker | WorkerSetup) => {
    // A send to a child that has just died fails; its exit event tells the rest.
    if (child.connected) child.send(message, () => {});
  };
  send(setup);
  child.unref();
  child.channel?.unref();
  return { send, kill: () => child.kill("SIGKILL"), pid: child.pid };
}
