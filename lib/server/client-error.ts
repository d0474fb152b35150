import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

/** What is no request that Node can parse, and what is said of it; by Node's code. */
const answers: Readonly<Record<string, { readonly status: number; readonly message: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: "the request did not arrive in time" },
  HPE_HEADER_OVERFLOW: { status: 431, message: "the request's headers are too large" },
};
const badRequest = { status: 400, message: "this is no HTTP request that can be read" };

/** Milliseconds in which a client may take the answer. */
const linger = 1000;

/**
 * Answers a connection whose bytes are no request, in the form of every other error, and ends it. There is no request
 * to reply to yet: the answer is written by hand. A socket that is closed while bytes arrive takes back what it sent: what
 * still comes is read for a while, and fails here again.
 */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed || socket.writableEnded) return;
  if (!socket.writable) {
    socket.destroy(error);
    return;
  }
  const code = error.code ?? "BAD_REQUEST";
  const { status, message } = (Object.hasOwn(answers, code) && answers[code]) || badRequest;
  const body = JSON.stringify({ error: { code, message } });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), linger).unref();
}
