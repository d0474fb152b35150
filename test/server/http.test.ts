import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import swagger from "@fastify/swagger";
import autocannon from "autocannon";
import { fastify } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { decodeNpy, decodePng, Engine, type SpawnedEngine, sample } from "../../dist/index.js";
import quench from "../../dist/server/index.js";
import { type Server, startServer } from "../../dist/server/start.js";
import { mixture } from "../fixtures/denoisers/faulty.mjs";

const module = new URL("../fixtures/denoisers/faulty.mjs", import.meta.url).href;
const models = fileURLToPath(new URL("../../models", import.meta.url));
let digits: SpawnedEngine;
let slow: SpawnedEngine;
let server: Server;

beforeAll(async () => {
  [digits, slow] = await Promise.all([
    Engine.spawn({ model: `${models}/digits`, queueLimit: 256 }),
    Engine.spawn({ model: { module, argument: { busyMilliseconds: 2 } }, maxBatch: 4, queueLimit: 8 }),
  ]);
  server = await startServer({ models: { digits, slow }, port: 0, sendTimeout: 1 });
}, 120_000);

afterAll(() => server.close());

function post(body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
  return fetch(`${server.url}/v1/samples`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

async function bytesOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const request = { model: "slow", count: 3, steps: 4, seed: 5 };

describe("samples", () => {
  test("come as JSON, npy or PNG, the bits of sample()", async () => {
    const { data } = await sample(mixture(), { count: 3, steps: 4, seed: 5 });
    const json = (await (await post(request)).json()) as { data: string; shape: number[]; nfe: number };
    expect(json).toMatchObject({ shape: [3, 2, 2, 2], nfe: 4 });
    expect(Buffer.from(json.data, "base64")).toEqual(Buffer.from(data.buffer));
    const npy = await post(request, { accept: "application/x-npy" });
    expect(npy.headers.get("content-type")).toBe("application/x-npy");
    expect(decodeNpy(await bytesOf(npy)).data).toEqual(data);

    const body = { model: "digits", labels: [1, 2, 3], steps: 3, columns: 3 };
    const png = await post(body, { accept: "text/html;q=0.5, image/png" });
    expect(decodePng(await bytesOf(png))).toMatchObject({ width: 84, height: 28, channels: 1 });
  });

  test.each([
    ["application/json;q=0.1, application/x-npy;q=0.9", "application/x-npy"],
    ["text/event-stream;q=0, application/json", "application/json"],
    ["TEXT/EVENT-STREAM", "text/event-stream"],
  ])("come as the client prefers: %s", async (accept, type) => {
    const response = await post(request, { accept });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, type]);
    await response.arrayBuffer();
  });

  test("come with progress as server-sent events", async () => {
    const text = await (await post(request, { accept: "text/event-stream" })).text();
    const events = text
      .trim()
      .split("\n\n")
      .map((event) => /^event: (\w+)\ndata: (.*)$/s.exec(event)!.slice(1) as [string, string]);
    expect(events.at(-1)![0]).toBe("result");
    expect(JSON.parse(events.at(-1)![1])).toMatchObject({ nfe: 4 });
    expect(JSON.parse(events.at(-2)![1])).toEqual({ step: 4, steps: 4, evaluations: 4 });
  });
});

test.each([
  ["400", "HPE_INVALID_METHOD", "no request\r\n\r\n"],
  ["400", "HPE_INVALID_CONTENT_LENGTH", "POST /v1/samples HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n"],
  ["431", "HPE_HEADER_OVERFLOW", `GET / HTTP/1.1\r\na: ${"a".repeat(2 ** 17)}\r\n\r\n`],
])("bytes that are no request are answered as every error: %s %s", async (status, code, bytes) => {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk)).on("error", () => {});
  socket.write(bytes);
  await once(socket, "end");
  expect(answer.split(" ")[1]).toBe(status);
  const { error } = JSON.parse(answer.split("\r\n\r\n")[1]!) as { error: { code: string; message: string } };
  expect(error).toEqual({ code, message: expect.any(String) });
});

describe("what is wrong is said", () => {
  test.each([
    ["/steps", { ...request, steps: 0 }],
    ["/labels/1", { model: "digits", labels: [1, 77] }],
    ["/grid/t/1", { ...request, grid: { t: [1, "x"] } }],
    ["/solver", { ...request, solver: "ddym" }],
    ["/grid", { ...request, grid: "log-snt" }],
    ["/solver/eta", { ...request, solver: { name: "ddim", eta: "x" } }],
    ["/solver/statistics", { ...request, solver: { name: "dpm-solver-v3", statistics: "/etc/passwd" } }],
    ["/solver", { ...request, solver: { name: "ddim", toString: "x" } }],
    ["/model", { ...request, model: "fast" }],
    ["/model", { count: 1 }],
    ["/count", { ...request, count: 2 ** 21 }],
    ["", { ...request, cuont: 3 }],
    ["", [1]],
  ])("with the pointer %s", async (pointer, body) => {
    const response = await post(body);
    const { error } = (await response.json()) as { error: { code: string; pointer: string } };
    expect([response.status, error.pointer]).toEqual([400, pointer]);
  });

  test("with a status for what is no request", async () => {
    expect((await post("{broken")).status).toBe(400);
    expect((await post(JSON.stringify({ x: "y".repeat(2 ** 20) }))).status).toBe(413);
    expect((await post(request, { "content-type": "text/xml" })).status).toBe(415);
    expect((await post(request, { "content-type": "text/plain" })).status).toBe(415);
    expect((await post(request, { accept: "text/html" })).status).toBe(406);
    expect((await post(request, { accept: "application/json;q=0" })).status).toBe(406);
    expect((await post({ ...request, count: 1 }, { accept: "image/png" })).status).toBe(400);
    expect((await post({ ...request, steps: 30_000, timeout: 0.05 })).status).toBe(504);
    expect((await fetch(`${server.url}/v1/nothing`)).status).toBe(404);
  });

  test("in the same shape where there is no such route", async () => {
    const notFound = await fetch(`${server.url}/v1/nothing?x=1`);
    expect([notFound.status, await notFound.json()]).toEqual([
      404,
      { error: { code: "NOT_FOUND", message: "there is no GET /v1/nothing" } },
    ]);
    const { error } = (await (await fetch(`${server.url}/%zz`)).json()) as { error: { code: string } };
    expect(error.code).toBe("FST_ERR_BAD_URL");
  });

  test("as the client's fault where what it sent is of another model, or there is no card", async () => {
    const sha256 = "ab".repeat(32);
    const risk = { kind: "risk", model: { sha256 }, sigma: [0.01, 1, 80], risk: [0.1, 1, 2] };
    const preset = { kind: "preset", version: 1, model: { name: "x", sha256 }, nfe: 1, steps: 1 };
    const cases = [
      [{ grid: { schedule: "entropic", risk } }, "MODEL_MISMATCH", "/grid/risk/model"],
      [{ preset: { ...preset, solver: { name: "ddim" }, grid: "log-snr" } }, "MODEL_MISMATCH", "/preset"],
      [{ device: "cuda" }, expect.stringMatching(/^CUDA_NO/), "/device"],
    ] as const;
    for (const [asked, code, pointer] of cases) {
      const response = await post({ model: "digits", labels: [1], ...asked });
      const { error } = (await response.json()) as { error: { message: string } };
      expect([response.status, error]).toMatchObject([400, { code, pointer }]);
      expect(error.message).not.toContain(process.cwd());
    }
  });

  test("with 429 and Retry-After while the queue is full", async () => {
    const responses = await Promise.all(
      Array.from({ length: 6 }, () => post({ ...request, count: 2, steps: 40 })),
    );
    const refused = responses.filter(({ status }) => status === 429);
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(refused).toHaveLength(2);
    expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  });
});

describe("clients that misbehave", () => {
  test("going away cancels the request", async () => {
    const cancelled = slow.stats().finished.cancelled;
    const control = new AbortController();
    const answers = ["application/json", "text/event-stream"].map((accept) =>
      post({ ...request, count: 1, steps: 100_000 }, { accept }, control.signal)
        .then((response) => response.text())
        .catch((error: Error) => error.name),
    );
    await until(() => slow.stats().active.requests === 2);
    control.abort();
    expect(await Promise.all(answers)).toEqual(["AbortError", "AbortError"]);
    await until(() => slow.stats().active.requests === 0);
    expect(slow.stats().finished.cancelled).toBe(cancelled + 2);
  });

  test("a reader that takes nothing of a large answer is cut off, and nobody else waits", async () => {
    const body = JSON.stringify({ model: "slow", count: 8, steps: 1 });
    const { port, hostname } = new URL(server.url);
    const ended = () => Object.values(slow.stats().finished).reduce((sum, count) => sum + count, 0);
    const before = ended();
    const sockets = Array.from({ length: 20 }, () => {
      const socket = connect(Number(port), hostname).on("error", () => {});
      socket.pause();
      // Answers of many pipelined requests fill the socket's buffers.
      const head = `POST /v1/samples HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
      socket.write(`${head}${body}`);
      return socket;
    });
    await until(() => ended() === before + sockets.length);
    expect((await post({ ...request, steps: 2 })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  test("a thousand connections at once are all answered", async () => {
    const result = await autocannon({
      url: `${server.url}/v1/samples`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "slow", count: 1, steps: 2 }),
      connections: 1000,
      amount: 2000,
      timeout: 50,
    });
    const { statusCodeStats = {} } = result as { statusCodeStats?: Record<string, { count: number }> };
    const count = (status: number) => statusCodeStats[status]?.count ?? 0;
    expect(count(200) + count(429)).toBe(2000);
    expect(count(200)).toBeGreaterThan(8);
    expect([result.errors, result.timeouts]).toEqual([0, 0]);
  }, 120_000);
});

describe("the rest of the surface", () => {
  test("models, health, metrics and OpenAPI", async () => {
    const get = async (path: string) => (await fetch(`${server.url}${path}`)).text();
    expect(JSON.parse(await get("/v1/models")).models).toMatchObject([
      { name: "digits", shape: [1, 28, 28] },
      { name: "slow", shape: [2, 2, 2] },
    ]);
    expect(JSON.parse(await get("/healthz"))).toEqual({ status: "ok" });
    expect(JSON.parse(await get("/readyz"))).toEqual({ status: "ready" });
    const { resolved } = slow.stats().finished;
    expect(await get("/metrics")).toContain(
      `quench_requests_total{model="slow",outcome="resolved"} ${resolved}\n`,
    );
    const { openapi, paths } = JSON.parse(await get("/openapi.json"));
    expect(openapi).toBe("3.1.0"); // the schemas are JSON Schema 2020-12, which no earlier version knows
    expect(Object.keys(paths)).toEqual(["/v1/samples", "/v1/models", "/healthz", "/readyz", "/metrics"]);
    const schema = paths["/v1/samples"].post.requestBody.content["application/json"].schema;
    expect(schema.properties.steps).toMatchObject({ type: "integer", minimum: 1 });
  });

  test("the document of an application that registers @fastify/swagger as docs/engine.md says", async () => {
    const app = fastify();
    await app.register(swagger, { openapi: { openapi: "3.1.0" } });
    await app.register(quench, { models: { slow } });
    app.get("/openapi.json", { schema: { hide: true } }, () => app.swagger());
    const own = (await app.inject("/openapi.json")).json();
    const served = JSON.parse(await (await fetch(`${server.url}/openapi.json`)).text());
    expect(own.openapi).toBe("3.1.0");
    expect(own.paths["/v1/samples"]).toEqual(served.paths["/v1/samples"]);
    await app.close();
  });
});

describe("quench serve", () => {
  test("answers what it accepted after SIGTERM, then ends with 0", async () => {
    const child: ChildProcess = spawn(
      process.execPath,
      [
        fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url)),
        "serve",
        `${models}/digits`,
        "--port",
        "0",
        "--json",
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const ended = once(child, "exit");
    let printed = "";
    for await (const chunk of child.stdout!) {
      printed += chunk;
      if (printed.includes("}")) break;
    }
    const { url } = JSON.parse(printed) as { url: string };
    const answers = Array.from({ length: 3 }, (_, seed) =>
      fetch(`${url}/v1/samples`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ count: 2, steps: 100, seed }),
      }).then(async (response) => ((await response.json()) as { nfe: number }).nfe),
    );
    const metric = async () => (await fetch(`${url}/metrics`)).text();
    while (!(await metric()).includes('quench_active_requests{model="digits"} 3\n'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGTERM");
    expect(await Promise.all(answers)).toEqual([100, 100, 100]);
    expect(await ended).toEqual([0, null]);
  }, 120_000);
});
