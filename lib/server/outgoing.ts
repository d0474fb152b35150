import type { FastifyReply, FastifyRequest } from "fastify";
import { EngineSaturatedError } from "../engine/index.js";
import { whenOver } from "./connection.js";

/** Answers on their way to clients: their bytes are bounded, and a client that takes nothing is cut off. */
export class Outgoing {
  #bytes = 0;

  constructor(
    readonly limit: number,
    readonly timeoutSeconds: number,
  ) {}

  /** @throws EngineSaturatedError while slow readers hold too much */
  requireRoom(): void {
    if (this.#bytes < this.limit) return;
    throw new EngineSaturatedError(`${this.#bytes} bytes of answers wait for their readers; retry later`, 1);
  }

  /** Counts an answer until it is sent or its client is gone. */
  send(request: FastifyRequest, reply: FastifyReply, bytes: number): void {
    this.#bytes += bytes;
    whenOver(request, reply, () => {
      this.#bytes -= bytes;
    });
    // An answer that waits behind another on its connection has no socket yet: its reader cannot be slow before.
    if (reply.raw.socket) this.#watch(reply);
    else reply.raw.once("socket", () => this.#watch(reply));
  }

  /** Cuts the reader off when it has taken nothing for the time allowed, and leaves the socket's timeout as it was. */
  #watch({ raw }: FastifyReply): void {
    const socket = raw.socket!;
    const before = socket.timeout ?? 0;
    const cutOff = () => socket.destroy();
    socket.setTimeout(1000 * this.timeoutSeconds, cutOff);
    // Before the server's own listener, which sets the timeout of a connection that is kept alive.
    raw.prependOnceListener("finish", () => {
      socket.off("timeout", cutOff);
      socket.setTimeout(before);
    });
  }
}
