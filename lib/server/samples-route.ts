import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { requireArgument, unknownName } from "../errors.js";
import type { Preset } from "../preset/index.js";
import { preferredType } from "./accept.js";
import { encodeSamples, expectedBytes, formats, requireFormat } from "./answer.js";
import { bodyJsonSchema, parseBody } from "./body.js";
import { boundsOf } from "./body-bounds.js";
import { whenOver } from "./connection.js";
import { sendEvents } from "./events.js";
import { requireLimits } from "./limits.js";
import { Outgoing } from "./outgoing.js";
import type { PluginSettings } from "./plugin-options.js";
import { withServersPreset } from "./presets.js";

const eventStream = "text/event-stream";
const mediaTypes = [...formats, eventStream] as const;

/** `POST /v1/samples`. @param defaults the presets of requests that leave all to the server, by model */
export function addSamplesRoute(
  app: FastifyInstance,
  { models, bodyLimit, outgoingLimit, sendTimeout, limits }: PluginSettings,
  defaults: ReadonlyMap<string, Preset>,
): void {
  const longestList = Math.max(...Object.values(models).map(({ queueLimit }) => queueLimit));
  const bounds = boundsOf(bodyLimit);
  const outgoing = new Outgoing(outgoingLimit, sendTimeout);

  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const given = parseBody(request.body, longestList, bounds);
    const name = modelOf(models, given.model);
    const engine = models[name]!;
    const body = withServersPreset(given, defaults.get(name), engine.model);
    const { columns, timeout = limits.timeLimit, model: _, ...asked } = body;
    requireLimits(body, engine, limits);
    const type = mediaTypeOf(request);
    const format = type === eventStream ? "application/json" : type;
    requireFormat(format, engine.model);
    const place = outgoing.reserve(expectedBytes(body, engine.model, format));
    try {
      const sampling = {
        signal: untilClosed(request, reply),
        ...(timeout === Infinity ? {} : { deadline: Date.now() + 1000 * timeout }),
      };
      if (type === eventStream) return await sendEvents(request, reply, engine, asked, sampling, place);
      const samples = await engine.sample(asked, sampling);
      const bytes = await encodeSamples(samples, format, engine.model, columns);
      return reply
        .type(format)
        .header("x-quench-nfe", samples.nfe)
        .header("content-length", bytes.length)
        .send(place.send(request, reply, bytes));
    } finally {
      place.leave();
    }
  };

  app.post(
    "/v1/samples",
    {
      bodyLimit,
      schema: samplesRouteSchema(),
      // The body is checked with the schema that the document is made from, for errors that say where.
      validatorCompiler: () => (value) => ({ value }),
      serializerCompiler: () => (value) => JSON.stringify(value),
    },
    answer,
  );
}

function samplesRouteSchema() {
  return {
    summary: "Draw samples",
    description: `Accept: ${formats.join(", ")}, or ${eventStream} for progress and then the result.`,
    body: bodyJsonSchema(),
    response: { 200: { description: "the samples" }, "4xx": errorSchema, "5xx": errorSchema },
  };
}

const errorSchema = {
  description: "what is wrong, and where in the body",
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        code: { type: "string" },
        message: { type: "string" },
        pointer: { type: "string", description: "JSON pointer into the body" },
      },
    },
  },
} as const;

function modelOf(models: PluginSettings["models"], name: string | undefined): string {
  const names = Object.keys(models);
  if (name === undefined) {
    requireArgument(names.length === 1, "model", `expected one of ${names.join(", ")}`);
    return names[0]!;
  }
  if (!Object.hasOwn(models, name)) throw unknownName("model", name, names, { where: "model" });
  return name;
}

/** The type that the client prefers; JSON where it does not say. */
function mediaTypeOf(request: FastifyRequest): (typeof mediaTypes)[number] {
  const type = preferredType(request.headers.accept, mediaTypes);
  if (type) return type;
  throw Object.assign(new Error(`expected Accept to be one of ${mediaTypes.join(", ")}`), {
    statusCode: 406,
    code: "NOT_ACCEPTABLE",
  });
}

/** Aborted when the client goes away before its answer is sent. */
function untilClosed(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const control = new AbortController();
  whenOver(request, reply, () => {
    if (!reply.raw.writableFinished) control.abort();
  });
  return control.signal;
}
