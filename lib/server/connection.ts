import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";

/** What waits for the end of each connection: one listener per socket, however many requests are pipelined on it. */
const waiting = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls back once, when an answer has been sent or its client is gone. Node closes the response that is being written
 * when a connection ends, but never those that wait behind it, so the connection itself is watched too.
 */
export function whenOver({ raw: { socket } }: FastifyRequest, { raw }: FastifyReply, over: () => void): void {
  if (socket.destroyed) {
    over();
    return;
  }
  const ends = endsOf(socket);
  const end = () => {
    if (ends.delete(end)) over();
  };
  ends.add(end);
  raw.once("close", end);
}

function endsOf(socket: Socket): Set<() => void> {
  let ends = waiting.get(socket);
  if (!ends) {
    const all = new Set<() => void>();
    socket.once("close", () => {
      for (const end of all) end();
    });
    waiting.set(socket, all);
    ends = all;
  }
  return ends;
}
