import type { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { EngineSaturatedError } from "../engine/index.js";
import { whenOver } from "./connection.js";
import { cutOffSlow, inPieces, type Patience, usualLeastRate } from "./slow-reader.js";

/** Answers that are drawn or on their way to clients: their bytes are bounded, and a slow reader is cut off. */
export class Outgoing {
  #bytes = 0;

  constructor(
    readonly limit: number,
    readonly timeoutSeconds: number,
    readonly leastRate = usualLeastRate,
  ) {}

  /**
   * Makes room for an answer before it is drawn: requests that arrive together would all find room otherwise. One that
   * alone is more than the limit has its turn too, so the bytes are never more than the limit and one answer.
   * @throws EngineSaturatedError while others hold too much
   */
  reserve(expectedBytes: number): Place {
    if (this.#bytes >= this.limit)
      throw new EngineSaturatedError(
        `${this.#bytes} bytes of answers are being drawn or wait for their readers; retry later`,
        1,
      );
    return new Place(expectedBytes, this, (bytes) => {
      this.#bytes += bytes;
    });
  }
}

/** The room of one answer, from the arrival of its request until it is sent or its client is gone. */
export class Place {
  #bytes = 0;
  #isSent = false;

  constructor(
    expectedBytes: number,
    private readonly patience: Patience,
    private readonly count: (bytes: number) => void,
  ) {
    this.#hold(expectedBytes);
  }

  /** Holds what the answer really takes until it is over, and gives what to send. */
  send(request: FastifyRequest, reply: FastifyReply, bytes: Buffer): Readable {
    this.#isSent = true;
    this.#hold(bytes.length);
    const stop = cutOffSlow(request.raw.socket, reply.raw, bytes.length, this.patience);
    whenOver(request, reply, () => {
      stop();
      this.#hold(0);
    });
    return inPieces(bytes);
  }

  /** Gives the room back where there was nothing to send. */
  leave(): void {
    if (!this.#isSent) this.#hold(0);
  }

  #hold(bytes: number): void {
    this.count(bytes - this.#bytes);
    this.#bytes = bytes;
  }
}
