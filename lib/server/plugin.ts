import type { FastifyInstance } from "fastify";
import { defined } from "../defined.js";
import type { Preset } from "../preset/index.js";
import { errorAnswer, sendError } from "./errors.js";
import { type QuenchPluginOptions, settingsOf } from "./plugin-options.js";
import { requirePresets } from "./presets.js";
import { addSamplesRoute } from "./samples-route.js";

/**
 * Routes of a sampling service: `POST /v1/samples`, `GET /v1/models`, `/metrics`, `/healthz`, `/readyz`. Register
 * `@fastify/swagger` before it, with `{ openapi: { openapi: "3.1.0" } }`, for an OpenAPI document from the same
 * schemas. The caller closes the engines.
 */
export async function quench(app: FastifyInstance, options: QuenchPluginOptions): Promise<void> {
  const settings = settingsOf(options);
  const { models, limits, metrics } = settings;
  const defaults = requirePresets(settings.presets, models, limits);

  app.removeContentTypeParser("text/plain"); // only JSON is a request: the rest is 415
  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = errorAnswer(error);
    if (status === 500) app.log.error(error);
    metrics?.countError(status, body.error.code);
    return sendError(reply, error);
  });

  addSamplesRoute(app, settings, defaults);

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
