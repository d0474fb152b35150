import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { FromWorker, ToWorker, WorkerSetup } from "./protocol.js";

/** A place where an engine runs: a worker thread or a child process. Ends only when told to, or when it dies. */
export interface Backend {
  send(message: ToWorker): void;
}

export interface BackendEvents {
  message(message: FromWorker): void;
  /** Called once, when nothing more will come. `reason` says why, where it was not asked to stop. */
  exit(reason: string): void;
}

export type Isolation = "thread" | "process";

const entry = new URL("./worker.js", import.meta.url);

export function startBackend(isolation: Isolation, setup: WorkerSetup, events: BackendEvents): Backend {
  return isolation === "thread" ? startThread(setup, events) : startProcess(setup, events);
}

/** A thread is never terminated from outside: that would abort the process during a model call. */
function startThread(setup: WorkerSetup, events: BackendEvents): Backend {
  const worker = new Worker(entry, { workerData: setup });
  let failure = "";
  worker.on("message", (message: FromWorker) => events.message(message));
  worker.on("error", (error) => {
    failure = `: ${error instanceof Error ? error.message : String(error)}`;
  });
  worker.on("exit", (code) => events.exit(`the worker thread exited with code ${code}${failure}`));
  return { send: (message) => worker.postMessage(message) };
}

function startProcess(setup: WorkerSetup, events: BackendEvents): Backend {
  const child = fork(fileURLToPath(entry), [], {
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let exited = false;
  const exit = (reason: string) => {
    if (exited) return;
    exited = true;
    events.exit(reason);
  };
  child.on("message", (message) => events.message(message as FromWorker));
  child.on("error", (error) => exit(`the child process failed: ${error.message}`));
  child.on("exit", (code, signal) =>
    exit(`the child process ${signal ? `was killed by ${signal}` : `exited with code ${code}`}`),
  );
  const send = (message: ToWorker | WorkerSetup) => {
    // A send to a child that has just died fails; its exit event tells the rest.
    if (child.connected) child.send(message, () => {});
  };
  send(setup);
  return { send };
}
