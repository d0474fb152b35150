import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { Engine } from "../../dist/index.js";
import { type Server, startServer } from "../../dist/server/start.js";

let server: Server;

beforeAll(async () => {
  const digits = await Engine.spawn({
    model: fileURLToPath(new URL("../../models/digits", import.meta.url)),
  });
  server = await startServer({ models: { digits }, port: 0, bodyLimit: 1000, timeLimit: 60 });
}, 60_000);

afterAll(() => server.close());

async function post(body: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`${server.url}/v1/samples`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

async function counted(): Promise<Record<string, number>> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const lines = text.matchAll(/^quench_http_errors_total\{status="(\d+)",code="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries(
    [...lines].map(([, status, code, count]) => [`${status} ${code}`, Number(count)]),
  );
}

test("every request that is answered with an error is counted, wherever it was refused", async () => {
  expect(await counted()).toEqual({});
  const bad: [string, Record<string, string>?][] = [
    ['{"steps": "many"}'], // the body's schema
    ['{"labels": [1], "timeout": 100}'], // the server's limits
    ['{"labels": [77]}'], // the engine
    ['{"cuont": 3}'],
    ['{"labels": [1]}', { accept: "text/html" }],
    ["{broken"],
    [`{"solver": "${"x".repeat(1000)}"}`],
    ["<x/>", { "content-type": "text/xml" }],
  ];
  const statuses = [];
  for (const [body, headers] of bad) statuses.push(await post(body, headers));
  expect(statuses).toEqual([400, 400, 400, 400, 406, 400, 413, 415]);
  expect(await post('{"labels": [1], "steps": 1}')).toBe(200);
  expect(await counted()).toEqual({
    "400 INVALID_ARGUMENT": 3,
    "400 UNKNOWN_NAME": 1,
    "400 FST_ERR_CTP_INVALID_JSON_BODY": 1,
    "406 NOT_ACCEPTABLE": 1,
    "413 FST_ERR_CTP_BODY_TOO_LARGE": 1,
    "415 FST_ERR_CTP_INVALID_MEDIA_TYPE": 1,
  });
});
