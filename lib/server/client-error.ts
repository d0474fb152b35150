import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

/** What is no request that Node can parse, and what is said of it; by Node's code. */
const answers: Readonly<Record<string, { readonly status: number; readonly message: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: "the request did not arrive in time" },
  HPE_HEADER_OVERFLOW: { status: 431, message: "the request's headers are too large" },
};
const badRequest = { status: 400, message: "this is no HTTP request that can be read" };

/**
 * Answers a connection whose bytes are no request, in the form of every other error, and ends it. There is no request
 * to reply to yet: the answer is written by hand.
 */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const code = error.code ?? "BAD_REQUEST";
  const { status, message } = (Object.hasOwn(answers, code) && answers[code]) || badRequest;
  const body = JSON.stringify({ error: { code, message } });
  if (socket.writable) {
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      "content-type: application/json",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  }
  socket.destroy(error);
}
