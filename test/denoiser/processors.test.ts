import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { buildLibrary } from "../cli/built.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Threads that opening a model adds to a process which may use one processor. */
function threadsAdded(options: object): number {
  const allowed = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))![1]!;
  const script = `
    import { readdirSync } from "node:fs";
    import "onnxruntime-node";
    import { loadModel } from "./dist/index.js";
    const threads = () => readdirSync("/proc/self/task").length;
    const before = threads();
    const model = await loadModel("models/digits", ${JSON.stringify(options)});
    console.log(threads() - before);
    await model.close();`;
  const node = [process.execPath, "--input-type=module", "-e", script];
  const { stdout, stderr, status } = spawnSync("taskset", ["-c", allowed, ...node], {
    cwd: root,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  return Number(stdout);
}

const tied = process.platform === "linux" && spawnSync("taskset", ["--version"]).status === 0;

it.skipIf(!tied || availableParallelism() < 2)(
  "a model has no more threads than the process may use processors",
  () => {
    buildLibrary();
    const own = threadsAdded({});
    expect(own).toBe(threadsAdded({ session: { intraOpNumThreads: 1 } }));
    expect(own).toBeLessThan(threadsAdded({ session: { intraOpNumThreads: 2 } }));
  },
  60_000,
);
