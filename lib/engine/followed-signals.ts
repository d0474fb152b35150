/** Who is told when a signal is aborted, and what lets go of the signal. */
interface Followers {
  readonly told: Set<() => void>;
  release(): void;
}

/** One listener per signal, however many requests are given it. */
const followersOf = new WeakMap<AbortSignal, Followers>();

/**
 * Calls back when a signal is aborted, at once if it is. A service passes one signal to all its requests, and Node
 * warns of a leak from eleven listeners on.
 * @returns lets go of the signal
 */
export function follow(signal: AbortSignal, aborted: () => void): () => void {
  if (signal.aborted) {
    aborted();
    return () => {};
  }
  const { told, release } = followersOf.get(signal) ?? listen(signal);
  told.add(aborted);
  return () => {
    if (told.delete(aborted) && told.size === 0) release();
  };
}

function listen(signal: AbortSignal): Followers {
  const told = new Set<() => void>();
  const tell = () => {
    followersOf.delete(signal);
    for (const aborted of told) aborted();
  };
  const release = () => {
    followersOf.delete(signal);
    signal.removeEventListener("abort", tell);
  };
  const followers = { told, release };
  followersOf.set(signal, followers);
  signal.addEventListener("abort", tell, { once: true });
  return followers;
}
