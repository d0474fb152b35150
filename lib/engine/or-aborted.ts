import { aborted } from "../errors.js";
import { follow } from "./followed-signals.js";

/**
 * What a promise brings, or the error of a signal that is aborted before. The work itself goes on.
 * @param what is aborted, for the message
 */
export async function orAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  what: string,
): Promise<T> {
  if (!signal) return work;
  let release = () => {};
  const stopped = new Promise<never>((_, reject) => {
    release = follow(signal, () => reject(aborted(signal, what)));
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    release();
  }
}
