import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { whenOver } from "./connection.js";

/** How often a server that closes looks for connections that have nothing more to do. */
const lookMilliseconds = 20;

/**
 * Follows the connections of a server, so that none of them holds up its end. Node waits for each but those that are
 * kept alive: one that never sent anything counts as busy, and so does one whose request stops half way, which is no
 * longer timed out once the server closes.
 * @param arrivalSeconds how long what has not yet arrived is waited for when the server closes
 * @returns closes the server: what was asked for is answered, however long it takes
 */
export function closable(app: FastifyInstance, arrivalSeconds: number): () => Promise<void> {
  const open = new Set<Socket>();
  const owed = new WeakMap<Socket, number>();
  app.server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  // Once a body is there. Only a POST has samples drawn: what is left of all else is a reader that does not read.
  app.addHook("preValidation", async (request, reply) => {
    const { socket, method } = request.raw;
    if (method !== "POST") return;
    const add = (count: number) => owed.set(socket, (owed.get(socket) ?? 0) + count);
    add(1);
    whenOver(request, reply, () => add(-1));
  });
  return async () => {
    const begun = performance.now();
    const looking = setInterval(() => {
      const late = performance.now() - begun > 1000 * arrivalSeconds;
      app.server.closeIdleConnections();
      for (const socket of open) if (socket.bytesRead === 0 || (late && !owed.get(socket))) socket.destroy();
    }, lookMilliseconds);
    await app.close().finally(() => clearInterval(looking));
  };
}
