import type { FastifyReply } from "fastify";
import { EngineSaturatedError } from "../engine/index.js";

/** Answers on their way to clients: their bytes are bounded, and a client that takes nothing is cut off. */
export class Outgoing {
  #bytes = 0;

  constructor(
    readonly limit: number,
    readonly timeoutMilliseconds: number,
  ) {}

  /** @throws EngineSaturatedError while slow readers hold too much */
  requireRoom(): void {
    if (this.#bytes < this.limit) return;
    throw new EngineSaturatedError(`${this.#bytes} bytes of answers wait for their readers; retry later`, 1);
  }

  /** Counts an answer until it is sent or its client is gone. */
  send({ raw }: FastifyReply, bytes: number): void {
    this.#bytes += bytes;
    const { socket } = raw;
    const cutOff = () => socket?.destroy();
    socket?.setTimeout(this.timeoutMilliseconds, cutOff);
    raw.once("close", () => {
      this.#bytes -= bytes;
      socket?.setTimeout(0);
      socket?.off("timeout", cutOff);
    });
  }
}
