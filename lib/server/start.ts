import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { SpawnedEngine } from "../engine/index.js";
import { QuenchError } from "../errors.js";
import { answerClientError } from "./client-error.js";
import { closable } from "./closing.js";
import { sendError } from "./errors.js";
import { quench } from "./plugin.js";
import type { QuenchPluginOptions } from "./plugin-options.js";

export interface ServeOptions extends Omit<QuenchPluginOptions, "metrics"> {
  /** 0 takes any free port. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
}

/** A body must arrive; how long sampling takes is the engine's matter. */
const arrivalSeconds = 30;

export interface Server {
  readonly url: string;
  /** Takes no more requests, answers those it has, then closes the engines. What has half arrived has 30 s to do so. */
  close(): Promise<void>;
}

/**
 * A whole server: the plugin, its OpenAPI document at `/openapi.json` and metrics at `/metrics`.
 * @throws QuenchError MISSING_DEPENDENCY without fastify, @fastify/swagger and prom-client
 */
export async function startServer({ port, host = "127.0.0.1", ...options }: ServeOptions): Promise<Server> {
  const [{ fastify }, { default: swagger }, { Registry }, { engineMetrics }] = await Promise.all([
    dependency("fastify", import("fastify")),
    dependency("@fastify/swagger", import("@fastify/swagger")),
    dependency("prom-client", import("prom-client")),
    dependency("prom-client", import("./prometheus.js")),
  ]);
  const app: FastifyInstance = fastify({
    requestTimeout: 1000 * arrivalSeconds,
    forceCloseConnections: "idle",
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, _request, reply) => sendError(reply, error), // such as a URL that is none
  });
  const closeApp = closable(app, arrivalSeconds);
  app.setNotFoundHandler(({ method, url }, reply) => {
    const message = `there is no ${method} ${url.split("?")[0]}`;
    return sendError(reply, Object.assign(new Error(message), { statusCode: 404, code: "NOT_FOUND" }));
  });
  const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };
  await app.register(swagger, { openapi: { openapi: "3.1.0", info: { title: "Quench", version } } });
  await app.register(quench, { ...options, metrics: engineMetrics(new Registry(), options.models) });
  app.get("/openapi.json", { schema: { hide: true } }, () => app.swagger());
  const engines: SpawnedEngine[] = Object.values(options.models);
  try {
    await app.listen({ port, host });
  } catch (cause) {
    throw new QuenchError(
      "INVALID_ARGUMENT",
      `cannot listen on ${host}:${port} (${(cause as Error).message})`,
      {
        where: "port",
        cause,
      },
    );
  }
  const address = app.server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    close: async () => {
      await closeApp();
      await Promise.all(engines.map((engine) => engine.close()));
    },
  };
}

async function dependency<Module>(name: string, loading: Promise<Module>): Promise<Module> {
  try {
    return await loading;
  } catch (cause) {
    throw new QuenchError(
      "MISSING_DEPENDENCY",
      `serving needs the packages fastify, @fastify/swagger and prom-client: npm install fastify @fastify/swagger prom-client`,
      { where: name, cause },
    );
  }
}
