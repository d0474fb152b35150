// Thousands of mixed requests against engines whose workers throw, die and are killed: every request must end once,
// the answers that come must be right, and memory must not grow.
//
//   npm run build:all && node --expose-gc scripts/bench/soak.mjs [--requests 60000] [--json]

import { parseArgs } from "node:util";
import { below } from "../../dist/bench/goals.js";
import { median } from "../../dist/bench/spread.js";
import { printGoals } from "../../dist/cli/goals.js";
import { Engine, QuenchError, sample } from "../../dist/index.js";
import { mixture } from "../../test/fixtures/denoisers/faulty.mjs";

const module = new URL("../../test/fixtures/denoisers/faulty.mjs", import.meta.url).href;
/** The clients pause that often, for a reading of the memory. */
const rounds = 80;
const solvers = ["ddim", "dpm-solver++-2m", "unipc", "evodiff", "edm-heun"];
/** What a request may end with. Anything else is a fault of the engine. */
const expected = new Set([
  "resolved",
  "left",
  "ABORTED",
  "DEADLINE_EXCEEDED",
  "ENGINE_SATURATED",
  "INVALID_ARGUMENT",
  "UNKNOWN_NAME",
  "MODEL_FAILED",
  "WORKER_FAILED",
]);

/**
 * @param requests how many, half through two threads and half through a child process
 * @param clients how many are under way at once
 * @param killEvery a child is killed after so many requests
 */
export async function soak({ requests, clients = 48, killEvery = 700, seed = 1 }) {
  const random = generator(seed);
  let unhandled = 0;
  const onUnhandled = () => unhandled++;
  process.on("unhandledRejection", onUnhandled);
  const spawn = (faults, options) =>
    Engine.spawn({ model: { module, argument: faults }, maxBatch: 16, queueLimit: 200, ...options });
  const threads = await spawn(
    { throwEvery: 211, nanEvery: 97, uncaughtEvery: 1999, collectEvery: 50 },
    { sessions: 2 },
  );
  const child = await spawn({ throwEvery: 307 }, { isolation: "process", retries: 1 });

  const outcomes = {};
  const memory = [];
  let begun = 0;
  let ended = 0;
  let checked = 0;
  let wrong = 0;
  const client = async (until) => {
    while (begun < until) {
      const number = begun++;
      if (number % killEvery === killEvery - 1 && child.pids.length > 0)
        process.kill(child.pids[0], "SIGKILL");
      const engine = number % 2 === 0 ? threads : child;
      const request = randomRequest(random, number);
      const outcome = await attempt(engine, request, random());
      outcomes[outcome.name] = (outcomes[outcome.name] ?? 0) + 1;
      if (outcome.samples && number % 50 === 0) {
        checked++;
        const { data } = await sample(mixture(), request);
        if (!data.every((value, i) => value === outcome.samples.data[i])) wrong++;
      }
      ended++;
    }
  };
  const started = performance.now();
  for (let round = 1; round <= rounds; round++) {
    const until = Math.round((round * requests) / rounds);
    await Promise.all(Array.from({ length: clients }, () => client(until)));
    memory.push({ ended, ...(await memoryAtRest()) });
  }
  await Promise.all([threads.close(), child.close()]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off("unhandledRejection", onUnhandled);

  const counted = [threads, child].map((engine) =>
    Object.values(engine.stats().finished).reduce((a, b) => a + b, 0),
  );
  const surprises = Object.keys(outcomes).filter((name) => !expected.has(name));
  const idle = [threads, child].every(
    (engine) => engine.stats().active.rows + engine.stats().queued.rows === 0,
  );
  const slope = (name) =>
    1000 * slopeOf(memory.slice(rounds / 2).map((reading) => [reading.ended, reading[name]]));
  return {
    bench: "soak",
    requests,
    seconds: (performance.now() - started) / 1000,
    outcomes,
    answersCompared: checked,
    memoryMegabytes: memory,
    goals: [
      exactly("requests that ended", ended, requests),
      exactly("requests that the engines counted", counted[0] + counted[1], requests),
      exactly("kinds of errors that are no engine's", surprises.length, 0),
      exactly("answers that differ from sample()", wrong, 0),
      exactly("unhandled rejections", unhandled, 0),
      exactly("engines that hold rows at the end", idle ? 0 : 1, 0),
      below(
        "host's heap and buffers at rest, slope over the second half, MB per 1000 requests",
        slope("heap"),
        0.05,
      ),
      below("RSS at rest, slope over the second half, MB per 1000 requests", slope("rss"), 0.5),
    ],
  };
}

function randomRequest(random, number) {
  const pick = (low, high) => low + Math.floor(random() * (high - low + 1));
  const request = {
    seed: number,
    count: pick(1, 4),
    steps: pick(3, 8),
    solver: solvers[pick(0, solvers.length - 1)],
    priority: pick(0, 2),
  };
  const kind = random();
  if (kind < 0.01) return { ...request, solver: "no-such-solver" };
  if (kind < 0.02) return { ...request, steps: -1 };
  if (kind < 0.03) return { ...request, labels: 3 };
  if (kind < 0.04) return { ...request, count: 10_000 };
  return request;
}

/** One request, by a client that may change its mind. */
async function attempt(engine, request, whim) {
  try {
    if (whim < 0.1) {
      const control = new AbortController();
      setTimeout(() => control.abort(), 200 * whim);
      return { name: "resolved", samples: await engine.sample(request, { signal: control.signal }) };
    }
    if (whim < 0.15)
      return { name: "resolved", samples: await engine.sample(request, { deadline: Date.now() + 10 }) };
    if (whim < 0.25) {
      for await (const { index } of engine.stream(request, { frames: whim < 0.2 ? "x" : "none" }))
        if (index === 1 && whim < 0.22) return { name: "left" };
      return { name: "resolved" };
    }
    return { name: "resolved", samples: await engine.sample(request, { onProgress: () => {} }) };
  } catch (error) {
    return { name: error instanceof QuenchError ? error.code : String(error) };
  }
}

function exactly(name, value, goal) {
  return { name, goal: `= ${goal}`, value, met: value === goal };
}

/**
 * Memory in MB with no request under way: what requests hold while they run comes and goes by tens of megabytes. RSS
 * still holds what the workers' heaps have not collected, which rises and falls by some.
 */
async function memoryAtRest() {
  await new Promise((resolve) => setTimeout(resolve, 20));
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss: rss / 2 ** 20, heap: (heapUsed + external) / 2 ** 20 };
}

/** Theil-Sen: the median slope of all pairs, which a worker that has just ended or begun does not tilt. */
function slopeOf(points) {
  return median(points.flatMap(([x, y], i) => points.slice(i + 1).map(([x2, y2]) => (y2 - y) / (x2 - x))));
}

/** mulberry32: uniform in [0, 1). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { values } = parseArgs({
    options: { requests: { type: "string", default: "60000" }, json: { type: "boolean" } },
  });
  if (!globalThis.gc)
    throw new Error("run it with node --expose-gc: memory is read after collecting garbage");
  const result = await soak({ requests: Number(values.requests) });
  if (values.json) console.log(JSON.stringify(result, null, 2));
  else {
    console.log(
      `${result.requests} requests in ${result.seconds.toFixed(0)} s:`,
      result.outcomes,
      "RSS and heap in MB at rest:",
      result.memoryMegabytes
        .filter((_, i) => i % (rounds / 10) === rounds / 10 - 1)
        .map(({ rss, heap }) => `${rss.toFixed(0)} ${heap.toFixed(1)}`)
        .join(", "),
    );
    printGoals(process.stdout, result.goals);
  }
  process.exitCode = result.goals.every(({ met }) => met) ? 0 : 1;
}
