import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fastify } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { Engine, type SpawnedEngine } from "../../dist/index.js";
import quench from "../../dist/server/index.js";

const fixture = (file: string, argument?: unknown) => ({
  module: new URL(`../fixtures/denoisers/${file}`, import.meta.url).href,
  argument,
});

let large: SpawnedEngine;
let slow: SpawnedEngine;
let app: ReturnType<typeof fastify>;
let port: number;

beforeEach(async () => {
  large = await Engine.spawn({ model: fixture("large.mjs") });
  slow = await Engine.spawn({ model: fixture("faulty.mjs", { busyMilliseconds: 2 }) });
  app = fastify({ keepAliveTimeout: 200, forceCloseConnections: true });
  // One large answer is more than the limit: while one is on its way, every other request is refused.
  await app.register(quench, { models: { large, slow }, outgoingLimit: 2 ** 20 });
  await app.listen({ port: 0, host: "127.0.0.1" });
  port = (app.server.address() as { port: number }).port;
}, 60_000);

afterEach(async () => {
  await app.close();
  await Promise.all([large.close(), slow.close()]);
});

/** A connection on which these bodies are posted without waiting for answers. */
function pipelined(...bodies: object[]): Socket {
  const socket = connect(port, "127.0.0.1");
  for (const body of bodies.map((value) => JSON.stringify(value))) {
    const head = ["POST /v1/samples HTTP/1.1", "host: x", "content-type: application/json"];
    socket.write(`${head.join("\r\n")}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  }
  return socket;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const endless = { model: "slow", steps: 50_000 };

test("requests that wait behind another on a connection are cancelled with it", async () => {
  const socket = pipelined(endless, endless, endless);
  await until(() => slow.stats().active.requests === 3);
  socket.destroy();
  await until(() => slow.stats().active.requests === 0);
  expect(slow.stats().finished).toMatchObject({ cancelled: 3, resolved: 0 });
});

test("an answer that waits behind another is no longer counted when its connection is gone", async () => {
  const socket = pipelined(endless, { model: "large", count: 2, steps: 1 });
  await until(() => large.stats().finished.resolved === 1 && slow.stats().active.requests === 1);
  const status = async () => {
    const body = JSON.stringify({ model: "slow", steps: 1 });
    const headers = { "content-type": "application/json" };
    return (await fetch(`http://127.0.0.1:${port}/v1/samples`, { method: "POST", headers, body })).status;
  };
  await expect.poll(status, { timeout: 10_000 }).toBe(429);
  socket.destroy();
  await expect.poll(status, { timeout: 10_000 }).toBe(200);
});

test("an idle connection is closed after keepAliveTimeout, whatever was answered on it", async () => {
  const small = { model: "slow", steps: 1 };
  for (const bodies of [[small], [small, small]]) {
    const socket = pipelined(...bodies).resume();
    await once(socket, "close");
  }
});
