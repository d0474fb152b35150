import { fastify } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { Engine, type SpawnedEngine } from "../../dist/index.js";
import { expectedBytes } from "../../dist/server/answer.js";
import quench from "../../dist/server/index.js";

const module = new URL("../fixtures/denoisers/faulty.mjs", import.meta.url).href;
const outgoingLimit = 100;
const app = fastify({ forceCloseConnections: true });
let engine: SpawnedEngine;
let url: string;

beforeAll(async () => {
  engine = await Engine.spawn({ model: { module, argument: { busyMilliseconds: 2 } } });
  await app.register(quench, { models: { slow: engine }, outgoingLimit });
  url = await app.listen({ port: 0, host: "127.0.0.1" });
}, 60_000);

afterAll(async () => {
  await app.close();
  await engine.close();
});

function post(body: object, accept = "application/json", signal?: AbortSignal): Promise<Response> {
  return fetch(`${url}/v1/samples`, {
    method: "POST",
    headers: { "content-type": "application/json", accept },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

async function answered(body: object): Promise<[number, string | undefined]> {
  const response = await post(body);
  const { error } = (await response.json()) as { error?: { message: string } };
  return [response.status, error?.message];
}

test.each([
  ["application/json", "float32", 4 * 8 * 4],
  ["text/event-stream", "float32", 4 * 8 * 4],
  ["application/x-npy", "float64", 3 * 8 * 8],
])("a request holds what its answer will take from its arrival on: %s, %s", async (accept, dtype, bytes) => {
  const control = new AbortController();
  const drawn = post({ count: 3, dtype, steps: 30_000 }, accept, control.signal)
    .then((response) => response.text())
    .catch((error: Error) => error.name);
  await expect.poll(() => engine.stats().active.requests, { timeout: 10_000 }).toBe(1);
  expect(await answered({ steps: 1 })).toEqual([
    429,
    `${bytes} bytes of answers are being drawn or wait for their readers; retry later`,
  ]);
  control.abort();
  expect(await drawn).toBe("AbortError");
  await expect.poll(async () => (await answered({ steps: 1 }))[0], { timeout: 10_000 }).toBe(200);
});

describe("room is given back", () => {
  test.each([
    ["by requests that fail", { count: 3, steps: 1, labels: 1 }, 400],
    ["by those that are given up", { count: 3, steps: 30_000, timeout: 0.01 }, 504],
    ["by answers that are sent", { count: 3, steps: 1 }, 200],
  ])("%s", async (_, body, status) => {
    for (let i = 0; i < 3; i++)
      await expect.poll(async () => (await answered(body))[0], { timeout: 10_000 }).toBe(status);
    await expect.poll(async () => (await answered({ steps: 1 }))[0], { timeout: 10_000 }).toBe(200);
  });

  test("by streams that end in an error", async () => {
    const text = await (await post({ count: 3, steps: 30_000, timeout: 1 }, "text/event-stream")).text();
    expect(text).toContain("DEADLINE_EXCEEDED");
    expect((await answered({ steps: 1 }))[0]).toBe(200);
  });
});

test("what is expected is near what is sent", async () => {
  const shape = [2, 2, 2];
  for (const [format, most] of [
    ["application/json", 1000],
    ["application/x-npy", 200],
  ] as const) {
    const body = { count: 400, steps: 1 };
    const sent = (await (await post(body, format)).arrayBuffer()).byteLength;
    const expected = expectedBytes(body, { shape }, format);
    expect(sent).toBeGreaterThanOrEqual(expected);
    expect(sent - expected).toBeLessThan(most);
  }
  expect(expectedBytes({ labels: [1, 2, 3] }, { shape: [1, 4, 4] }, "image/png")).toBe(48);
});
