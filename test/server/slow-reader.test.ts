import { connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Engine, type SpawnedEngine } from "../../dist/index.js";
import { type Server, startServer } from "../../dist/server/start.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const fixture = (file: string) => ({
  module: new URL(`../fixtures/denoisers/${file}`, import.meta.url).href,
});
const answerBytes = 4 * 2 ** 22; // four samples of 2^20 floats
const sendMilliseconds = 400;

let large: SpawnedEngine;
let server: Server;

beforeEach(async () => {
  large = await Engine.spawn({ model: fixture("large.mjs"), maxBatch: 4 });
  const small = await Engine.spawn({ model: fixture("faulty.mjs") });
  const models = { large, small };
  // One large answer on its way is more than the limit: while it is, every other request is refused.
  server = await startServer({
    models,
    port: 0,
    sendTimeout: sendMilliseconds / 1000,
    outgoingLimit: 2 ** 20,
    numberLimit: 2 ** 22,
  });
}, 60_000);

afterEach(() => server.close());

/** Asks for a large answer and reads nothing of it. */
function askAndPause(accept = "application/x-npy"): Socket {
  const { port, hostname } = new URL(server.url);
  const body = JSON.stringify({ model: "large", count: 4, steps: 1 });
  const head = ["POST /v1/samples HTTP/1.1", "host: x", `accept: ${accept}`, "connection: close"];
  head.push("content-type: application/json", `content-length: ${body.length}`);
  const socket = connect(Number(port), hostname).pause();
  socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  return socket;
}

async function statusOfAnother(): Promise<number> {
  const response = await fetch(`${server.url}/v1/samples`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "small", steps: 1 }),
  });
  await response.arrayBuffer();
  return response.status;
}

async function untilAnotherGets(status: number): Promise<void> {
  while ((await statusOfAnother()) !== status) await pause(10);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** All that the socket still gives, with a pause after every mebibyte; ends when it is closed, however. */
async function read(socket: Socket, pauseMilliseconds: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sincePause = 0;
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      sincePause += chunk.length;
      if (sincePause < 2 ** 20) continue;
      sincePause = 0;
      await pause(pauseMilliseconds);
    }
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe("ECONNRESET");
  }
  return Buffer.concat(chunks);
}

function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

test("a reader that takes nothing is cut off after sendTimeout, and its answer's memory is given back", async () => {
  await untilAnotherGets(200);
  const before = heldBytes();
  const asked = performance.now();
  const socket = askAndPause();
  await untilAnotherGets(429);
  await expect.poll(() => heldBytes() - before, { timeout: 10_000 }).toBeGreaterThan(0.5 * answerBytes);

  await untilAnotherGets(200);
  expect(performance.now() - asked).toBeGreaterThan(sendMilliseconds);
  // The closed socket lets go of its last write a moment after the request ended; a leak would stay.
  await expect.poll(() => heldBytes() - before, { timeout: 10_000 }).toBeLessThan(0.1 * answerBytes);
  expect(large.stats()).toMatchObject({ vectorBytes: 0, active: { requests: 0 }, queued: { requests: 0 } });

  const received = await read(socket, 0);
  expect(received.length).toBeLessThan(answerBytes);
});

test.each(["application/x-npy", "text/event-stream"])(
  "what a reader sends does not count: %s",
  async (accept) => {
    const socket = askAndPause(accept).on("error", () => {});
    const dribbling = setInterval(() => socket.write("\r\n"), sendMilliseconds / 10);
    try {
      await untilAnotherGets(429);
      await untilAnotherGets(200);
    } finally {
      clearInterval(dribbling);
    }
    expect((await read(socket, 0)).length).toBeLessThan(answerBytes);
  },
);

test("a reader that is slow but takes something within every sendTimeout gets all of its answer", async () => {
  const asked = performance.now();
  const received = await read(askAndPause(), sendMilliseconds / 4);
  expect(received.subarray(0, 15).toString()).toBe("HTTP/1.1 200 OK");
  expect(received.length).toBeGreaterThan(answerBytes);
  expect(performance.now() - asked).toBeGreaterThan(2 * sendMilliseconds);
  await untilAnotherGets(200);
});
