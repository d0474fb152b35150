import type { FastifyInstance, FastifyReply, FastifyRequest, RegisterOptions } from "fastify";
import { type OptionNames, requireKnownOptions } from "../checks/known-options.js";
import { isObject, received } from "../checks/received.js";
import { defined } from "../defined.js";
import type { SpawnedEngine } from "../engine/index.js";
import { requireArgument, requireInteger, unknownName } from "../errors.js";
import type { Preset } from "../preset/index.js";
import { encodeSamples, expectedBytes, type Format, formats, requireFormat } from "./answer.js";
import { bodyJsonSchema, defaultBodyLimit, parseBody } from "./body.js";
import { boundsOf } from "./body-bounds.js";
import { whenOver } from "./connection.js";
import { errorAnswer, sendError } from "./errors.js";
import { sendEvents } from "./events.js";
import { defaultTimeLimit, type RequestLimits, requireLimits } from "./limits.js";
import { Outgoing } from "./outgoing.js";
import { requirePresets, withServersPreset } from "./presets.js";
import type { EngineMetrics } from "./prometheus.js";

export interface QuenchPluginOptions extends RequestLimits {
  /** The engines to serve, by the name that clients call them. */
  readonly models: Readonly<Record<string, SpawnedEngine>>;
  /**
   * By the same names: what requests are drawn with that leave all to the server (no solver, grid, steps, guidance, preset,
   * or anything else a preset decides). One with guidance is for those of them that have labels.
   */
  readonly presets?: Readonly<Record<string, Preset>>;
  /** Largest body in bytes. Default 1 MiB. Lists and the number of values in it are bounded in proportion. */
  readonly bodyLimit?: number;
  /** Most bytes of answers that are being drawn or wait for slow readers, over all connections. Default 256 MiB. */
  readonly outgoingLimit?: number;
  /**
   * Seconds after which a reader that takes nothing of its answer is cut off. Default 30. One that takes a little
   * at a time has as long as 32 KiB a second need, and never less than this.
   */
  readonly sendTimeout?: number;
  /** Served at `/metrics`; made by `engineMetrics` of `quench/prometheus`. */
  readonly metrics?: EngineMetrics;
}

/** With what Fastify itself takes of a plugin's options. */
const pluginOptions: OptionNames<QuenchPluginOptions & RegisterOptions> = {
  models: true,
  presets: true,
  numberLimit: true,
  evaluationLimit: true,
  timeLimit: true,
  priorities: true,
  bodyLimit: true,
  outgoingLimit: true,
  sendTimeout: true,
  metrics: true,
  prefix: true,
  logLevel: true,
  logSerializers: true,
};

/**
 * Routes of a sampling service: `POST /v1/samples`, `GET /v1/models`, `/metrics`, `/healthz`, `/readyz`. Register
 * `@fastify/swagger` before it, with `{ openapi: { openapi: "3.1.0" } }`, for an OpenAPI document from the same schemas.
 * The caller closes the engines.
 */
export async function quench(app: FastifyInstance, options: QuenchPluginOptions): Promise<void> {
  requireKnownOptions<QuenchPluginOptions>(options, pluginOptions);
  const {
    models,
    presets = {},
    bodyLimit = defaultBodyLimit,
    outgoingLimit = 2 ** 28,
    sendTimeout = 30,
    metrics,
  } = options;
  const { numberLimit = 2 ** 21, evaluationLimit = 100_000, priorities = false } = options;
  const { timeLimit = defaultTimeLimit } = options;
  requireModels(models);
  for (const [name, value] of Object.entries({
    outgoingLimit,
    sendTimeout,
    numberLimit,
    evaluationLimit,
    timeLimit,
  }))
    requireArgument(value > 0, name, `expected a number above 0, received ${value}`);
  requireInteger(bodyLimit, "bodyLimit", { most: Number.MAX_SAFE_INTEGER });
  const limits = { numberLimit, evaluationLimit, timeLimit, priorities };
  const defaults = requirePresets(presets, models, limits);
  const longestList = Math.max(...Object.values(models).map(({ queueLimit }) => queueLimit));
  const bounds = boundsOf(bodyLimit);
  const outgoing = new Outgoing(outgoingLimit, sendTimeout);
  const answers = { 200: { description: "the samples" }, "4xx": errorSchema, "5xx": errorSchema };

  app.removeContentTypeParser("text/plain"); // only JSON is a request: the rest is 415
  app.setErrorHandler((error, _request, reply) => {
    if (errorAnswer(error).status === 500) app.log.error(error);
    return sendError(reply, error);
  });

  app.post(
    "/v1/samples",
    {
      bodyLimit,
      schema: {
        summary: "Draw samples",
        description: `Accept: ${formats.join(", ")}, or text/event-stream for progress and then the result.`,
        body: bodyJsonSchema(),
        response: answers,
      },
      // The body is checked with the schema that the document is made from, for errors that say where.
      validatorCompiler: () => (value) => ({ value }),
      serializerCompiler: () => (value) => JSON.stringify(value),
    },
    async (request, reply) => {
      const given = parseBody(request.body, longestList, bounds);
      const name = modelOf(models, given.model);
      const engine = models[name]!;
      const body = withServersPreset(given, defaults.get(name), engine.model);
      const { columns, timeout = timeLimit, model: _, ...asked } = body;
      requireLimits(body, engine, limits);
      const streamed = request.headers.accept?.includes("text/event-stream") ?? false;
      const format = streamed ? "application/json" : formatOf(request);
      requireFormat(format, engine.model);
      const place = outgoing.reserve(expectedBytes(body, engine.model, format));
      try {
        const sampling = {
          signal: untilClosed(request, reply),
          ...(timeout === Infinity ? {} : { deadline: Date.now() + 1000 * timeout }),
        };
        if (streamed) return await sendEvents(request, reply, engine, asked, sampling, place);
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
    },
  );

  app.get("/v1/models", { schema: { summary: "The models and their shapes" } }, () => ({
    models: Object.entries(models).map(([name, { model }]) => ({
      ...model,
      name,
      ...defined({ preset: summary(defaults.get(name)) }),
    })),
  }));

  app.get("/healthz", { schema: { summary: "Whether the server runs" } }, () => ({ status: "ok" }));

  app.get("/readyz", { schema: { summary: "Whether every model takes requests" } }, (_request, reply) => {
    const ready = Object.values(models).every(({ isReady }) => isReady);
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "not ready" });
  });

  if (metrics) {
    app.get("/metrics", { schema: { summary: "Metrics for Prometheus" } }, async (_request, reply) =>
      reply.type(metrics.contentType).send(await metrics.text()),
    );
  }
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

function requireModels(models: unknown): void {
  requireArgument(
    isObject(models),
    "models",
    () => `expected engines by name, as { digits: engine }, received ${received(models)}`,
  );
  requireArgument(Object.keys(models).length > 0, "models", "expected at least one engine");
  for (const [name, engine] of Object.entries(models))
    requireArgument(
      isObject(engine) && "isReady" in engine,
      `models.${name}`,
      () => `expected an engine made by Engine.spawn, received ${received(engine)}`,
    );
}

function modelOf(models: QuenchPluginOptions["models"], name: string | undefined): string {
  const names = Object.keys(models);
  if (name === undefined) {
    requireArgument(names.length === 1, "model", `expected one of ${names.join(", ")}`);
    return names[0]!;
  }
  if (!Object.hasOwn(models, name)) throw unknownName("model", name, names, { where: "model" });
  return name;
}

/** What clients are told of a preset: its measured levels and coefficients are long. */
function summary(preset: Preset | undefined) {
  return (
    preset && {
      solver: preset.solver.name,
      steps: preset.steps,
      nfe: preset.nfe,
      ...defined({ guidance: preset.guidance }),
    }
  );
}

/** The format that the client accepts; JSON where it does not say. */
function formatOf(request: FastifyRequest): Format {
  const accept = request.headers.accept ?? "*/*";
  const wanted = accept.split(",").map((part) => part.split(";")[0]!.trim().toLowerCase());
  for (const type of wanted) {
    if (type === "*/*" || type === "application/*") return formats[0];
    const format = formats.find((name) => name === type || (type === "image/*" && name === "image/png"));
    if (format) return format;
  }
  throw Object.assign(new Error(`expected Accept to be one of ${formats.join(", ")} or text/event-stream`), {
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
