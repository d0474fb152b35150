import { QuenchError } from "../../errors.js";

/**
 * Node stops worker threads when the process exits, and ONNX Runtime's binding aborts the whole process when its
 * thread is stopped inside a run. So a thread passes this gate around every call of its model, and an exiting host
 * shuts the gate and waits until the call under way has returned. Two words of shared memory: whether the host ends,
 * and whether the thread is in a call.
 */
export type ExitGate = Int32Array<SharedArrayBuffer>;

const ending = 0;
const inCall = 1;
/** A call that takes longer than this is not waited for. */
const longestWaitMilliseconds = 10_000;

const gates = new Set<ExitGate>();

/** A gate that is shut when this process (or thread) exits. */
export function openGate(): ExitGate {
  if (gates.size === 0) process.on("exit", shutGates);
  const gate = new Int32Array(new SharedArrayBuffer(8));
  gates.add(gate);
  return gate;
}

/** The thread of this gate is gone. */
export function removeGate(gate: ExitGate): void {
  gates.delete(gate);
  if (gates.size === 0) process.off("exit", shutGates);
}

function shutGates(): void {
  for (const gate of gates) Atomics.store(gate, ending, 1);
  for (const gate of gates) Atomics.wait(gate, inCall, 1, longestWaitMilliseconds);
}

/**
 * The thread's side: runs a call unless the host is ending.
 * @throws QuenchError ENGINE_CLOSED when it is
 */
export async function passGate<T>(gate: ExitGate, call: () => Promise<T>): Promise<T> {
  // First told, then asked: either the host sees the call, or the call sees the host.
  Atomics.store(gate, inCall, 1);
  try {
    if (Atomics.load(gate, ending) === 1) throw new QuenchError("ENGINE_CLOSED", "the process is ending");
    return await call();
  } finally {
    Atomics.store(gate, inCall, 0);
    Atomics.notify(gate, inCall);
  }
}
