// What it is worth that a model writes its answer where the prediction is wanted: the step of some solvers without the
// model, in a draw of its own and with a buffer for the answer, taking turns; medians, one thread.
//
//   npm run build:lib && node scripts/bench/in-place.mjs [--json]

import { median } from "../../dist/bench/spread.js";
import { stepCase } from "../../dist/bench/step/case.js";
import { stepWorld, warmDraws } from "../../dist/bench/step/draws.js";
import { freeModel } from "../../dist/bench/step/free-model.js";
import { Evaluator } from "../../dist/engine/index.js";
import { setThreads } from "../../dist/native/index.js";
import { findSolver } from "../../dist/solver/index.js";

const solvers = ["ddim", "dpm-solver++-2m", "unipc", "evodiff", "edm-heun"];
const shapes = [
  [16, 3, 64, 64],
  [64, 4, 64, 64],
];
const rounds = 15;

setThreads(1);
const rows = [];
for (const shape of shapes) {
  const [count, ...sample] = shape;
  const model = freeModel(sample);
  for (const name of solvers) {
    const asked = stepCase(model, findSolver(name), count, 20);
    const world = stepWorld(model);
    const buffered = { ...world, evaluator: new Evaluator(model, world.pool) };
    const arms = [await warmDraws(world, asked), await warmDraws(buffered, asked)];
    const times = arms.map(() => []);
    for (let round = 0; round < rounds; round++)
      for (const [i, { draw }] of arms.entries())
        times[i].push(...(await draw()).steps.map(({ total, evaluation }) => 1000 * (total - evaluation)));
    const [inPlace, buffer] = times.map(median);
    rows.push({ shape, solver: name, inPlace, buffer, ratio: inPlace / buffer });
  }
}
if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ bench: "in-place", rounds, rows, goals: [] }));
} else {
  for (const { shape, solver, inPlace, buffer, ratio } of rows)
    console.log(
      `${shape.join("x")} ${solver}: ${inPlace.toFixed(0)} µs in place, ${buffer.toFixed(0)} with a buffer, ${ratio.toFixed(2)}`,
    );
}
