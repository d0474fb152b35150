import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { fastify } from "fastify";
import { expect, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { Engine } from "../../dist/index.js";
import { closable } from "../../dist/server/closing.js";
import quench from "../../dist/server/index.js";

test("nothing holds up the end of a server but what it owes", async () => {
  const module = new URL("../fixtures/denoisers/faulty.mjs", import.meta.url).href;
  const slow = await Engine.spawn({ model: { module, argument: { busyMilliseconds: 5 } } });
  const app = fastify({ forceCloseConnections: "idle" });
  const close = closable(app, 0.2);
  await app.register(quench, { models: { slow } });
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as { port: number };
  const connection = async (sent: string): Promise<Socket> => {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    await once(socket, "connect");
    socket.write(sent);
    return socket;
  };
  const post = (body: string, bytes = body.length) =>
    `POST /v1/samples HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n${body}`;

  // Of one that has sent nothing, half a head, half a body, and a second request of which half is there.
  const silent = await connection("");
  const half = [
    await connection("POST /v1/samples HT"),
    await connection(post('{"steps": 2', 100)),
    await connection(`GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n${post('{"steps": 2', 100)}`),
  ];
  const owed = await connection(post('{"steps": 200}'));
  const answer = text(owed);
  for (const socket of [silent, ...half]) socket.resume();
  await expect.poll(() => slow.stats().active.requests, { timeout: 10_000 }).toBe(1);

  await close();
  expect(await answer).toMatch(/^HTTP\/1\.1 200 .*"nfe":200/s);
  for (const socket of [silent, ...half]) if (!socket.closed) await once(socket, "close");
  expect(slow.stats().finished).toEqual({ resolved: 1, failed: 0, cancelled: 0, refused: 0 });
  await slow.close();
}, 60_000);
