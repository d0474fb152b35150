import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fastify } from "fastify";
import { afterEach, expect, test } from "vitest";
import { Outgoing } from "../../dist/server/outgoing.js";

const mebibyte = 2 ** 20;
const answer = Buffer.alloc(32 * mebibyte);
const apps: ReturnType<typeof fastify>[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

/** A server of one answer, counted at `/counted` and not at `/free`; gives a connection that has asked for these. */
async function asking(outgoing: Outgoing, ...paths: string[]): Promise<Socket> {
  const app = fastify({ forceCloseConnections: true });
  apps.push(app);
  app.get("/free", (_request, reply) => reply.send(answer));
  app.get("/counted", (request, reply) => reply.send(outgoing.reserve(1).send(request, reply, answer)));
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as { port: number };
  const socket = connect(port, "127.0.0.1").pause();
  socket.on("error", () => {}); // cut off
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join(""));
  return socket;
}

/** Takes what there is 50 times a second, until the connection is closed: a buffer's 64 KiB or less at a time. */
async function trickle(socket: Socket): Promise<number> {
  let taken = 0;
  const taking = setInterval(() => {
    socket.read(0);
    taken += (socket.read() as Buffer | null)?.length ?? 0;
  }, 20);
  await once(socket, "close");
  clearInterval(taking);
  return taken;
}

test("a reader that takes a little at a time does not hold its answer for ever", async () => {
  const quarterHour = 900;
  const slow = new Outgoing(mebibyte, 1, 32 * mebibyte);
  expect(await trickle(await asking(slow, "/counted"))).toBeLessThan(answer.length);
  expect(roomIn(slow)).toBe(true);

  const patient = new Outgoing(mebibyte, quarterHour, 32 * mebibyte);
  const socket = (await asking(patient, "/counted")).resume();
  let received = 0;
  socket.on("data", (chunk: Buffer) => (received += chunk.length));
  await expect.poll(() => received, { timeout: 60_000 }).toBeGreaterThan(answer.length);
  socket.destroy();
});

test("an answer does not wait for ever behind another that nobody takes", async () => {
  const outgoing = new Outgoing(mebibyte, 0.3);
  const socket = await asking(outgoing, "/free", "/counted");
  await expect.poll(() => roomIn(outgoing), { interval: 5 }).toBe(false);
  await expect.poll(() => roomIn(outgoing), { timeout: 10_000 }).toBe(true);
  expect(socket.bytesRead).toBe(0);
});

function roomIn(outgoing: Outgoing): boolean {
  try {
    outgoing.reserve(1).leave();
    return true;
  } catch {
    return false;
  }
}
