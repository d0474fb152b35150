const signals = ["SIGINT", "SIGTERM"] as const;

/** Exit codes by the signal that ended a command: 128 + its number. */
export const interruptedExitCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

/** A signal that aborts at the first Ctrl-C, with the signal's name as reason; a second Ctrl-C kills the process. */
export function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const name of signals) process.once(name, () => controller.abort(name));
  return controller.signal;
}

/** Runs something short that must not be left half done: while it lasts, even a second Ctrl-C waits. */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  const wait = () => {};
  for (const name of signals) process.on(name, wait);
  try {
    return await work();
  } finally {
    for (const name of signals) process.off(name, wait);
  }
}
