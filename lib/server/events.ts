import type { FastifyReply, FastifyRequest } from "fastify";
import type { EngineRequestOptions, SampleRequest, SpawnedEngine } from "../engine/index.js";
import { describeSamples } from "./answer.js";
import { errorAnswer } from "./errors.js";
import type { Place } from "./outgoing.js";

/**
 * Server-sent events: `progress` while sampling, then one `result` (as in JSON) or `error`. What goes wrong before the
 * request is accepted is answered with a status as everywhere. Progress that a slow reader has no room for is dropped.
 */
export async function sendEvents(
  incoming: FastifyRequest,
  reply: FastifyReply,
  engine: SpawnedEngine,
  request: SampleRequest,
  options: EngineRequestOptions,
  place: Place,
): Promise<FastifyReply> {
  const { raw } = reply;
  const begin = () => {
    if (raw.headersSent) return;
    reply.hijack();
    raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  };
  const text = (event: string, value: unknown) => `event: ${event}\ndata: ${JSON.stringify(value)}\n\n`;
  try {
    const samples = await engine.sample(request, {
      ...options,
      onProgress: (progress) => {
        begin();
        if (!raw.writableNeedDrain) raw.write(text("progress", progress));
      },
    });
    begin();
    const result = Buffer.from(text("result", describeSamples(samples)));
    place.send(incoming, reply, result).pipe(raw);
  } catch (error) {
    if (!raw.headersSent) throw error;
    raw.end(text("error", errorAnswer(error).body.error));
  }
  return reply;
}
