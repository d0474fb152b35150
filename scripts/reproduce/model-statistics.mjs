// What some methods of the papers must know of a model, measured on held-out images: DPM-Solver-v3's statistics and
// Analytic-DPM's noise energies. Written beside the cells, and read from there when they are there already.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { measureNoiseEnergy, openImages } from "../../dist/calibrate/index.js";
import { Evaluator, VectorPool } from "../../dist/engine/index.js";
import { readNpy, writeFileAtomic, writeNpz } from "../../dist/io/index.js";
import { combine, normals } from "../../dist/native/index.js";

/** Places in half-log-SNR at which DPM-Solver-v3's statistics are measured. */
const nodes = 128;
const images = 64;
const noiseSeed = 5151n;
/** Step in half-log-SNR of the total derivative, and length of the probe of the Jacobian's diagonal. */
const derivativeStep = 0.01;
const probeLength = 0.01;

/**
 * @param model an open model
 * @param folder where the files are kept
 * @returns the options `statistics` and `gamma` of the solvers that need them
 */
export async function modelStatistics(model, folder) {
  const held = await heldOut(model);
  const statistics = join(folder, "statistics.npz");
  if (!existsSync(statistics)) await writeNpz(statistics, await solverStatistics(model, held));
  const energies = join(folder, "noise-energy.json");
  if (!existsSync(energies)) {
    const gamma = await measureNoiseEnergy(model, held);
    await writeFileAtomic(energies, JSON.stringify(gamma));
  }
  return { statistics, gamma: JSON.parse(readFileSync(energies, "utf8")) };
}

/** The first held-out images of a model's folder, in its value range, with their classes. */
async function heldOut(model) {
  const source = await openImages(join(model.folder, "heldout.npy"), model);
  const data = await source.read(0, images);
  await source.close?.();
  const { data: labels } = await readNpy(join(model.folder, "heldout-labels.npy"));
  return { data, labels: Int32Array.from(labels.subarray(0, images), Number) };
}

/**
 * DPM-Solver-v3's l = E diag(σ ∂ε/∂x) by Rademacher probes, and s, b: the least-squares fit of df/dλ on f along the ODE,
 * f = (σ ε − l x)/α (Zheng et al. 2023a, Eq. 5, 10 and 11). Derivatives are differences, no Jacobian of the network is
 * needed; expectations are over noised images.
 */
async function solverStatistics(model, { data, labels }) {
  const { process, shape } = model;
  const size = shape.reduce((a, b) => a * b, 1);
  const evaluator = new Evaluator(model, new VectorPool(), { maxBatch: 64 });
  const noiseAt = async (x, level) => {
    const into = new Float32Array(x.length);
    await evaluator.evaluate({
      x,
      into,
      level,
      form: "noise",
      rows: images,
      labels,
      guidance: undefined,
      thresholding: undefined,
      observed: undefined,
      signal: undefined,
      priority: 0,
      ticket: 0,
    });
    return into;
  };
  const [first, last] = [process.at(process.tStart).lambda, process.at(process.tEnd).lambda];
  const lambda = Float64Array.from({ length: nodes }, (_, i) => first + ((last - first) * i) / (nodes - 1));
  const seeds = new BigUint64Array(images).fill(noiseSeed);
  const samples = BigUint64Array.from({ length: images }, (_, i) => BigInt(i));

  // Pass 1: states, noise predictions, and l.
  const l = new Float64Array(nodes * size);
  const seen = [];
  for (let n = 0; n < nodes; n++) {
    const level = process.atLambda(lambda[n]);
    const [x, signs] = [new Float32Array(data.length), new Float32Array(data.length)];
    normals(x, seeds, samples, 2 * n, 0);
    normals(signs, seeds, samples, 2 * n + 1, 0);
    combine(x, [
      [level.alpha, data],
      [level.sigma, x],
    ]);
    for (let j = 0; j < signs.length; j++) signs[j] = signs[j] < 0 ? -1 : 1;
    const length = probeLength * Math.hypot(level.alpha, level.sigma);
    const noise = await noiseAt(x, level);
    const beside = await noiseAt(
      x.map((value, j) => value + length * signs[j]),
      level,
    );
    for (let j = 0; j < x.length; j++)
      l[n * size + (j % size)] += (level.sigma * signs[j] * (beside[j] - noise[j])) / (length * images);
    seen.push({ level, x, noise });
  }

  // Pass 2: how f changes along the ODE, and the fit of that change on f, element by element.
  const [s, b] = [new Float64Array(nodes * size), new Float64Array(nodes * size)];
  for (const [n, { level, x, noise }] of seen.entries()) {
    const towards = n + 1 < nodes ? 1 : -1;
    const next = process.atLambda(lambda[n] + towards * derivativeStep);
    const keep = next.alpha / level.alpha;
    const moved = x.map((value, j) => keep * value + (next.sigma - keep * level.sigma) * noise[j]);
    const noiseThere = await noiseAt(moved, next);
    const share = derivativeStep / ((last - first) / (nodes - 1));
    const sums = Array.from({ length: 4 }, () => new Float64Array(size)); // f, f', f f, f f'
    for (let at = 0; at < x.length; at++) {
      const j = at % size;
      const here = l[n * size + j];
      const there = here + share * (l[(n + towards) * size + j] - here);
      const f = (level.sigma * noise[at] - here * x[at]) / level.alpha;
      const after = (next.sigma * noiseThere[at] - there * moved[at]) / next.alpha;
      const slope = (after - f) / (towards * derivativeStep);
      for (const [k, value] of [f, slope, f * f, f * slope].entries()) sums[k][j] += value / images;
    }
    for (let j = 0; j < size; j++) {
      const variance = sums[2][j] - sums[0][j] ** 2;
      // Where f hardly varies (an image's empty border) there is no slope to fit.
      s[n * size + j] = variance > 1e-6 ? (sums[3][j] - sums[0][j] * sums[1][j]) / variance : 0;
      b[n * size + j] = sums[1][j] - s[n * size + j] * sums[0][j];
    }
  }
  const table = (values) => ({ shape: [nodes, ...shape], data: values });
  return { lambda: { shape: [nodes], data: lambda }, l: table(l), s: table(s), b: table(b) };
}
