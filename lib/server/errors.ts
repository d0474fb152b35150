import type { FastifyReply } from "fastify";
import { EngineSaturatedError } from "../engine/index.js";
import { type ErrorCode, QuenchError, requestErrors } from "../errors.js";
import { jsonPointer } from "../io/index.js";

/** HTTP status of an error that is not the request's, 400. What is not here is ours to mend: 500. */
const statuses: Partial<Record<ErrorCode, number>> = {
  ENGINE_SATURATED: 429,
  ENGINE_CLOSED: 503,
  WORKER_FAILED: 503,
  DEADLINE_EXCEEDED: 504,
  ABORTED: 499, // nginx's "client closed request": nobody is there to read it
};

/** What is said in place of messages that speak of the server's own files. */
const withoutPaths: Partial<Record<ErrorCode, { readonly message: string; readonly where?: string }>> = {
  INVALID_FILE: { message: "a file that this asks for cannot be used" },
  CUDA_NOT_BUILT: noCard(),
  CUDA_NOT_LOADABLE: noCard(),
};

function noCard() {
  return { message: 'device: this server has no card to use; "cpu" works everywhere', where: "device" };
}

export interface ErrorAnswer {
  readonly status: number;
  readonly body: {
    readonly error: { readonly code: string; readonly message: string; readonly pointer?: string };
  };
  readonly retryAfter?: number;
}

export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof QuenchError) {
    const { code } = error;
    const { message, where } = withoutPaths[code] ?? error;
    const status = requestErrors.has(code) ? 400 : (statuses[code] ?? 500);
    return {
      status,
      body: { error: { code, message, ...(status === 400 ? { pointer: pointerOf(where ?? "") } : {}) } },
      ...(error instanceof EngineSaturatedError ? { retryAfter: error.retryAfter } : {}),
    };
  }
  // Fastify's own: a body that is too large, is no JSON, or has another content type.
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, body: { error: { code: code ?? "BAD_REQUEST", message: message ?? "" } } };
  }
  return { status: 500, body: { error: { code: "INTERNAL", message: "the request failed" } } };
}

export function sendError(reply: FastifyReply, error: unknown): FastifyReply {
  const { status, body, retryAfter } = errorAnswer(error);
  if (retryAfter !== undefined) reply.header("retry-after", retryAfter);
  return reply.code(status).type("application/json").send(body);
}

/**
 * The JSON pointer (RFC 6901) of a place that an error names: `request.labels.3`, `labels[3]`, `solver.ddim.eta`, or a
 * pointer already.
 */
export function pointerOf(where: string): string {
  if (where.startsWith("/")) return where;
  const parts = where
    .replace(/\[(\d+)\]/g, ".$1")
    .split(".")
    .filter((part) => part !== "");
  if (parts[0] === "request") parts.shift();
  if (parts[0] === "solver" && parts.length > 1) parts.splice(1, 1); // the solver's name is no member
  return jsonPointer(parts);
}
