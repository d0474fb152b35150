import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";

/** How slowly an answer may be read. */
export interface Patience {
  /** Seconds within which the reader must take something: about one piece. */
  readonly timeoutSeconds: number;
  /** Bytes a second that it must take on the whole, once its answer is longer than the timeout allows for. */
  readonly leastRate: number;
}

/** Below a slow telephone's: what a connection of 256 kbit/s takes is fast enough. */
export const usualLeastRate = 2 ** 15;

const pieceBytes = 2 ** 16;
/** How often in a timeout's time the reader is looked at, and never more seldom than every second. */
const looks = 8;

/**
 * An answer as many small writes. Of one large write nobody can see how much has been taken before all of it has; a
 * stream hands over the next piece when the ones before have left the process.
 */
export function inPieces(bytes: Buffer): Readable {
  return Readable.from(piecesOf(bytes), { objectMode: false, highWaterMark: pieceBytes });
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

/**
 * Cuts the connection off when nothing of what waits in it was taken for the time allowed, or the answer too slowly.
 * Only what leaves counts: the timeout of a socket begins anew with every byte that arrives, so a client could hold its
 * answer for ever with an empty line now and then. What waits may be another answer, before this one on its connection.
 * @returns stops watching
 */
export function cutOffSlow(
  socket: Socket,
  response: ServerResponse,
  bytes: number,
  { timeoutSeconds, leastRate }: Patience,
): () => void {
  const timeoutMilliseconds = 1000 * timeoutSeconds;
  const longest = Math.max(timeoutMilliseconds, (1000 * bytes) / leastRate);
  let begun: number | undefined;
  let taken = -1;
  let lastTaken = 0;
  const look = () => {
    const now = performance.now();
    // An answer that waits behind another on its connection has no socket yet: it is not late before.
    if (response.socket) begun ??= now;
    const left = socket.bytesWritten - socket.writableLength;
    if (left !== taken || socket.writableLength === 0) {
      taken = left;
      lastTaken = now;
    }
    const late = begun !== undefined && now - begun > longest;
    if (late || now - lastTaken > timeoutMilliseconds) socket.destroy();
  };
  look();
  const looking = setInterval(look, Math.min(timeoutMilliseconds / looks, 1000));
  return () => clearInterval(looking);
}
