import type { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { EngineSaturatedError } from "../engine/index.js";
import { whenOver } from "./connection.js";
import { cutOffSlow, inPieces, usualLeastRate } from "./slow-reader.js";

/** Answers on their way to clients: their bytes are bounded, and a client that takes nothing is cut off. */
export class Outgoing {
  #bytes = 0;

  constructor(
    readonly limit: number,
    readonly timeoutSeconds: number,
    readonly leastRate = usualLeastRate,
  ) {}

  /** @throws EngineSaturatedError while slow readers hold too much */
  requireRoom(): void {
    if (this.#bytes < this.limit) return;
    throw new EngineSaturatedError(`${this.#bytes} bytes of answers wait for their readers; retry later`, 1);
  }

  /** Counts an answer until it is sent or its client is gone, and gives what to send. */
  send(request: FastifyRequest, reply: FastifyReply, bytes: Buffer): Readable {
    const { length } = bytes;
    this.#bytes += length;
    const stop = cutOffSlow(request.raw.socket, reply.raw, length, this);
    whenOver(request, reply, () => {
      stop();
      this.#bytes -= length;
    });
    return inPieces(bytes);
  }
}
