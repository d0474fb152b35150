// How cost grows: against batch, dimension, steps and candidates of the schedule search. The model is free, so that what
// is measured is Quench. Exponents are slopes of a line through log time and log size, over the range that is named.
//
//   npm run build:all && node scripts/bench/scaling.mjs [--largest 1e8] [--rounds 15] [--json]

import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { atMost } from "../../dist/bench/goals.js";
import { freeModel } from "../../dist/bench/step/free-model.js";
import { printGoals } from "../../dist/cli/goals.js";
import { Evaluator, resolveRequest, runRequest, VectorPool } from "../../dist/engine/index.js";
import { lossAdaptiveSchedule } from "../../dist/index.js";
import { mean } from "../../dist/metrics/mean.js";

const solvers = ["ddim", "dpm-solver++-2m", "unipc", "evodiff"];

/**
 * @param largest elements of the largest sample
 * @param most of batch, steps and candidates
 */
export async function scaling({ largest, rounds, most = { batch: 512, steps: 1024, candidates: 4096 } }) {
  const powers = (base, from, to) => {
    const sizes = [];
    for (let size = from; size <= 1.001 * to; size *= base) sizes.push(Math.round(size));
    return sizes;
  };
  const series = [];
  for (const solver of solvers) {
    // Whole draws: what a caller waits for.
    const batch = await measured(`batch, ${solver}`, powers(2, 1, most.batch), rounds, (count) =>
      draw([3, 32, 32], { solver, steps: 10, count }),
    );
    const dimension = await measured(
      `dimension, ${solver}`,
      powers(10 ** 0.5, 100, largest),
      rounds,
      (size) => draw([1, size], { solver, steps: 4 }),
    );
    const steps = await measured(`steps, ${solver}`, powers(2, 4, most.steps), rounds, (count) =>
      draw([3, 32, 32], { solver, steps: count }),
    );
    // Between the two ranges of dimension the vectors leave the caches, and every pass costs more.
    series.push(fitted(batch, 16), fitted(dimension, 1e4, 1e6), fitted(dimension, 1e7), fitted(steps, 64));
  }
  for (const [name, options, bound] of searches) {
    const sizes = powers(2, 64, options.smoothness ? most.candidates / 4 : most.candidates);
    const figures = await measured(`candidates, ${name}`, sizes, rounds, (count) => search(count, options));
    series.push({ ...fitted(figures, 128), bound });
  }
  return {
    bench: "scaling",
    options: { largest, rounds, most },
    series,
    goals: series.map(({ name, exponent, from, bound = 1.1 }) =>
      atMost(`exponent of ${name}, from ${from}`, exponent, bound),
    ),
  };
}

/** Searches for 20 steps; those with smoothness look at pairs of candidates, which K² pairs is what there is to see. */
const searches = [
  ["exact, mu = 0", {}, 1.25],
  ["exact, mu = 0.1", { smoothness: 0.1 }, 2.1],
  ["beam, mu = 0.1", { smoothness: 0.1, search: "beam" }, 1.2],
];

const fewest = 6;

/** The best time of a work at each size. */
async function measured(name, sizes, rounds, prepare) {
  const points = [];
  for (const size of sizes) {
    const work = await prepare(size);
    await work(); // warms
    const times = [];
    const begun = performance.now();
    // Large ones are measured less often, though often enough for one draw whose memory the system had at hand.
    while (times.length < rounds && (times.length < fewest || performance.now() - begun < 1000))
      times.push(await work());
    points.push({ size, milliseconds: Math.min(...times) });
  }
  return { name, points };
}

/** The exponent over the sizes in a range, or over all where too few are in it. */
function fitted({ name, points }, from, to = Infinity) {
  const within = points.filter(({ size }) => size >= from && size <= to);
  const range = within.length >= 2 ? within : points;
  return { name, exponent: slope(range), from: range[0].size, to: range.at(-1).size, points };
}

function draw(shape, request) {
  const denoiser = freeModel(shape);
  const evaluator = new Evaluator(denoiser, new VectorPool());
  return async () => {
    const begun = performance.now();
    await runRequest(evaluator, resolveRequest(denoiser, request));
    return performance.now() - begun;
  };
}

function search(candidates, options) {
  const sigma = Array.from({ length: candidates }, (_, i) => 0.002 * (80 / 0.002) ** (i / (candidates - 1)));
  const curve = { kind: "risk", sigma, risk: sigma.map((s) => (s * s) / (1 + s * s)) };
  return async () => {
    const { search } = await lossAdaptiveSchedule(curve, 20, { axis: 10, ...options });
    return search.milliseconds;
  };
}

/** Of the least-squares line through the logarithms. */
function slope(points) {
  const [x, y] = [
    points.map(({ size }) => Math.log(size)),
    points.map(({ milliseconds }) => Math.log(milliseconds)),
  ];
  const [mx, my] = [mean(x), mean(y)];
  return (
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0) /
    x.reduce((sum, value) => sum + (value - mx) ** 2, 0)
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      largest: { type: "string", default: "1e8" },
      rounds: { type: "string", default: "15" },
      json: { type: "boolean" },
    },
  });
  const result = await scaling({ largest: Number(values.largest), rounds: Number(values.rounds) });
  if (values.json) console.log(JSON.stringify(result, null, 2));
  else {
    for (const { name, exponent, from, to, points } of result.series) {
      const { size, milliseconds } = points.find((point) => point.size === to);
      console.log(
        `${name.padEnd(34)} ${exponent.toFixed(2)} over ${from} to ${to}; ${milliseconds.toFixed(2)} ms at ${size}`,
      );
    }
    printGoals(process.stdout, result.goals);
  }
}
