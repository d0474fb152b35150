import type { FastifyReply, FastifyRequest } from "fastify";
import type { EngineRequestOptions, SampleRequest, SpawnedEngine } from "../engine/index.js";
import { describeSamples } from "./answer.js";
import { errorAnswer } from "./errors.js";
import type { Outgoing } from "./outgoing.js";

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
  outgoing: Outgoing,
): Promise<FastifyReply> {
  const { raw } = reply;
  const begin = () => {
    if (raw.headersSent) return;
    reply.hijack();
    raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  };
  const write = (event: string, value: unknown) =>
    raw.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
  try {
    const samples = await engine.sample(request, {
      ...options,
      onProgress: (progress) => {
        begin();
        if (!raw.writableNeedDrain) write("progress", progress);
      },
    });
    begin();
    const result = describeSamples(samples);
    outgoing.send(incoming, reply, String(result.data).length);
    write("result", result);
  } catch (error) {
    if (!raw.headersSent) throw error;
    write("error", errorAnswer(error).body.error);
  }
  raw.end();
  return reply;
}
