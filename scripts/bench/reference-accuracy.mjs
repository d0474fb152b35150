// How accurate the reference trajectories of `quench evaluate` are: RMSE per sample of several fine solutions to Heun's
// method in 160 steps on the EDM grid, all from the same noises down to the model's smallest noise level.
//
//   npm run build:lib && node scripts/bench/reference-accuracy.mjs [model] [samples] [guidance]
import { loadModel, rmse, sample } from "../../dist/index.js";

const [path = new URL("../../models/digits", import.meta.url).pathname, count = "20", scale] =
  process.argv.slice(2);
const model = await loadModel(path, { session: { intraOpNumThreads: 1 } });
const labels = Array.from({ length: Number(count) }, (_, i) => i % model.classes.length);
const size = model.shape.reduce((a, b) => a * b, 1);

async function solve(solver, steps, schedule) {
  const guidance = scale === undefined ? {} : { guidance: Number(scale) };
  const grid = { schedule, final: "min" };
  return (await sample(model, { solver, steps, grid, labels, ...guidance })).data;
}

const heun = await solve("edm-heun", 160, "edm");
console.log(`${model.name}, ${count} samples, guidance ${scale ?? "none"}: mean and largest RMSE`);
for (const [solver, steps, schedule] of [
  ["edm-heun", 160, "log-snr"],
  [{ name: "unipc", order: 3 }, 96, "log-snr"],
  ["dpm-solver++-3m", 96, "log-snr"],
  ["edm-heun", 48, "edm"],
  ["dpm-solver++-2m", 10, "log-snr"],
]) {
  const { mean, perSample } = rmse(await solve(solver, steps, schedule), heun, size);
  const name = typeof solver === "string" ? solver : `${solver.name}-${solver.order}`;
  console.log(
    `${name}, ${steps} steps, ${schedule}: ${mean.toExponential(2)}, ${Math.max(...perSample).toExponential(2)}`,
  );
}
await model.close();
