import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gaussianMixture, sample } from "../../lib/index.js";
import { scaledSigma } from "../../lib/process/index.js";
import { dataAt, noise, noiseAt, process, run, size, start, sum, times, worstGap } from "./plain.js";

const steps = 6;
const levels = times(steps);
const grid = { schedule: "time-uniform", final: "min" } as const;

/** DDPM's quantities of a step r → s on a VP process: ᾱ = α², β = 1 − ᾱ_r/ᾱ_s. */
function ddpmStep(n: number) {
  const [r, s] = [levels[n]!.alpha ** 2, levels[n + 1]!.alpha ** 2];
  const beta = 1 - r / s;
  return {
    r,
    s,
    beta,
    onData: (beta * Math.sqrt(s)) / (1 - r),
    onState: (Math.sqrt(r / s) * (1 - s)) / (1 - r),
    small: (beta * (1 - s)) / (1 - r),
  };
}

describe("DDPM and Analytic-DPM are the papers' formulas on a VP process", () => {
  it.each(["small", "large"] as const)("DDPM, %s variance", async (variance) => {
    let x = [...start];
    for (let n = 0; n < steps; n++) {
      const { onData, onState, small, beta } = ddpmStep(n);
      const m = await dataAt(x, levels[n]!);
      x = sum([onData, m], [onState, x], [Math.sqrt(variance === "small" ? small : beta), noise[n]!]);
    }
    expect(worstGap(await run({ solver: { name: "ddpm", variance }, steps, grid }), x)).toBeLessThan(1e-12);
  });

  const energy = { t: levels.map(({ t }) => t), gamma: levels.map((_, n) => 0.9 - 0.1 * n) };
  const covariance = (n: number, r: number) =>
    Math.min(Math.max(((1 - r) / r) * (1 - energy.gamma[n]!), 0), 1);

  it("Analytic-DDPM, from an artifact in a file", async () => {
    const path = join(await mkdtemp(join(tmpdir(), "quench-")), "gamma.json");
    await writeFile(path, JSON.stringify(energy));
    let x = [...start];
    for (let n = 0; n < steps; n++) {
      const { r, s, beta, onData, onState, small } = ddpmStep(n);
      const variance = small + ((s * beta ** 2) / (1 - r) ** 2) * covariance(n, r);
      x = sum([onData, await dataAt(x, levels[n]!)], [onState, x], [Math.sqrt(variance), noise[n]!]);
    }
    const ours = await run({ solver: { name: "analytic-ddpm", gamma: path }, steps, grid });
    expect(worstGap(ours, x)).toBeLessThan(1e-12);
  });

  it("Analytic-DDIM with a share of ancestral noise", async () => {
    const eta = 0.6;
    let x = [...start];
    for (let n = 0; n < steps; n++) {
      const { r, s, small } = ddpmStep(n);
      const l2 = eta ** 2 * small;
      const e = await noiseAt(x, levels[n]!);
      const m = await dataAt(x, levels[n]!);
      const onData = Math.sqrt(s) - Math.sqrt(((1 - s - l2) * r) / (1 - r));
      const variance = l2 + onData ** 2 * covariance(n, r);
      x = sum([Math.sqrt(s), m], [Math.sqrt(1 - s - l2), e], [Math.sqrt(variance), noise[n]!]);
    }
    const ours = await run({ solver: { name: "analytic-ddim", gamma: energy, eta }, steps, grid });
    expect(worstGap(ours, x)).toBeLessThan(1e-12);
  });

  it("refuses an artifact without levels, or of other lengths, before any model call", async () => {
    for (const gamma of [{ gamma: [1] }, { sigma: [1, 2], gamma: [1] }, { sigma: [1], t: [1], gamma: [1] }]) {
      await expect(run({ solver: { name: "analytic-ddpm", gamma }, steps })).rejects.toThrow(/sigma or t/);
    }
    await expect(run({ solver: { name: "analytic-ddpm", gamma: "/nowhere.json" }, steps })).rejects.toThrow(
      /nowhere/,
    );
  });
});

/** k-diffusion works in y = x/α, σ̃ = σ/α: its DPM fast with noise, written down literally. */
it("DPM fast with ancestral noise is k-diffusion's", async () => {
  const [eta, noiseScale] = [0.7, 1.1];
  const budget = 8; // orders 3, 3, 2
  const [lambda0, lambda1] = [process.at(1).lambda, process.at(process.tEnd).lambda];
  const ts = [0, 1, 2, 3].map((i) => lambda0 + ((lambda1 - lambda0) * i) / 3);
  const sigma = (t: number) => Math.exp(-t);
  const eps = (y: readonly number[], t: number) => {
    const level = process.atLambda(t);
    return noiseAt(sum([level.alpha, y]), level);
  };
  let y = sum([1 / process.at(1).alpha, start]);
  for (const [i, order] of [3, 3, 2].entries()) {
    const [t, next] = [ts[i]!, ts[i + 1]!];
    const [from, to] = [sigma(t), sigma(next)];
    const up = Math.min(to, eta * Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2));
    const down = Math.min(ts[3]!, -Math.log(Math.sqrt(to ** 2 - up ** 2)));
    const fresh = Math.sqrt(Math.max(0, to ** 2 - sigma(down) ** 2));
    const h = down - t;
    const e = await eps(y, t);
    const at = (r: number) => t + r * h;
    if (order === 2) {
      const u = sum([1, y], [-sigma(at(1 / 2)) * Math.expm1(h / 2), e]);
      const e1 = await eps(u, at(1 / 2));
      const c = sigma(down) * Math.expm1(h);
      y = sum([1, y], [-c, e], [-c, e1], [c, e]);
    } else {
      const [r1, r2] = [1 / 3, 2 / 3];
      const e1 = await eps(sum([1, y], [-sigma(at(r1)) * Math.expm1(r1 * h), e]), at(r1));
      const c1 = sigma(at(r2)) * (r2 / r1) * (Math.expm1(r2 * h) / (r2 * h) - 1);
      const u2 = sum([1, y], [-sigma(at(r2)) * Math.expm1(r2 * h), e], [-c1, e1], [c1, e]);
      const e2 = await eps(u2, at(r2));
      const c2 = (sigma(down) / r2) * (Math.expm1(h) / h - 1);
      y = sum([1, y], [-sigma(down) * Math.expm1(h), e], [-c2, e2], [c2, e]);
    }
    y = sum([1, y], [fresh * noiseScale, noise[i]!]);
  }
  const ours = await run({
    solver: { name: "dpm-fast", eta, noiseScale },
    steps: budget,
    grid: { schedule: "log-snr", final: "min" },
  });
  expect(worstGap(ours, sum([process.at(process.tEnd).alpha, y]))).toBeLessThan(1e-11);
});

it("predictor-corrector: reverse diffusion and Langevin steps sized by the sample's own power", async () => {
  const snr = 0.2;
  const norm2 = (v: readonly number[]) => v.reduce((total, value) => total + value * value, 0);
  let y = sum([1 / levels[0]!.alpha, start]);
  let draw = 0;
  let power = 1;
  for (let n = 0; n < steps; n++) {
    const [from, to] = [levels[n]!, levels[n + 1]!];
    const gained = scaledSigma(from) ** 2 - scaledSigma(to) ** 2;
    const score = sum([-1 / scaledSigma(from), await noiseAt(sum([from.alpha, y]), from)]);
    y = sum([1, y], [gained, score], [Math.sqrt(gained), noise[draw++]!]);
    for (let corrector = 0; corrector < 2; corrector++) {
      const x = sum([to.alpha, y]);
      const g = sum([-1 / to.sigma, await noiseAt(x, to)]);
      const z = noise[draw++]!;
      power = (128 * power + norm2(sum([to.sigma, g]))) / (128 + size);
      const step = (2 * snr * snr * to.sigma ** 2) / power;
      y = sum([1 / to.alpha, sum([1, x], [step, g], [Math.sqrt(2 * step), z])]);
    }
  }
  const ours = await run({ solver: { name: "predictor-corrector", snr, correctorSteps: 2 }, steps, grid });
  expect(ours).toHaveLength(size);
  expect(worstGap(ours, sum([levels[steps]!.alpha, y]))).toBeLessThan(1e-11);
});

it.each([1, 2])("predictor-corrector keeps the data's variance in %i dimensions", async (dimensions) => {
  const [deviation, count] = [0.5, 4000];
  const model = gaussianMixture({
    shape: [dimensions],
    weights: [1],
    means: [new Array<number>(dimensions).fill(0)],
    stds: [deviation],
    process,
  });
  const { data } = await sample(model, {
    solver: "predictor-corrector",
    steps: 200,
    grid: { schedule: "log-snr", final: "min" },
    count,
    seed: 4,
    dtype: "float64",
  });
  const variance = [...data].reduce((total, value) => total + value * value, 0) / data.length;
  // Few steps make it too large by some percent, whatever the dimensions.
  const end = process.at(process.tEnd);
  expect(variance / ((end.alpha * deviation) ** 2 + end.sigma ** 2)).toBeGreaterThan(0.9);
  expect(variance / ((end.alpha * deviation) ** 2 + end.sigma ** 2)).toBeLessThan(1.15);
});
