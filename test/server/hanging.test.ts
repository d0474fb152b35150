// A model call that does not come back, as clients and whoever watches the server see it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
// The compiled package: a worker's entry is a file that node can run.
import { Engine } from "../../dist/index.js";
import { startServer } from "../../dist/server/start.js";

test("a thread that hangs is told by statuses, readiness and metrics until its call is back", async () => {
  const folder = mkdtempSync(join(tmpdir(), "quench-hanging-"));
  const blockedBy = join(folder, "blocked");
  const module = new URL("../fixtures/denoisers/faulty.mjs", import.meta.url).href;
  const slow = await Engine.spawn({ model: { module, argument: { blockedBy } }, callTimeout: 0.5 });
  const server = await startServer({ models: { slow }, port: 0 });
  const text = async (path: string) => (await fetch(`${server.url}${path}`)).text();
  const post = () =>
    fetch(`${server.url}/v1/samples`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ steps: 2 }),
    });
  try {
    writeFileSync(blockedBy, "");
    const failed = await post();
    expect([failed.status, await failed.json()]).toEqual([
      503,
      { error: { code: "WORKER_FAILED", message: "a model call has taken longer than 0.5 s" } },
    ]);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await post()).status).toBe(503);
    const metrics = await text("/metrics");
    expect(metrics).toContain('quench_workers_up{model="slow"} 0\n');
    expect(metrics).toContain('quench_worker_failures_total{model="slow",reason="hung"} 1\n');
    rmSync(blockedBy);
    await expect.poll(() => text("/readyz"), { timeout: 30_000 }).toBe('{"status":"ready"}');
    expect((await post()).status).toBe(200);
    expect(await text("/metrics")).toContain('quench_workers_up{model="slow"} 1\n');
  } finally {
    rmSync(folder, { recursive: true });
    await server.close();
  }
}, 60_000);
