import { afterAll, describe, expect, it } from "vitest";
import { requiredOptions } from "../../lib/bench/step/required-options.js";
import { gaussianMixture, type SampleRequest, sample } from "../../lib/index.js";
import { nativeInfo, setThreads } from "../../lib/native/index.js";
import { vpLinear } from "../../lib/process/index.js";
import { isStochastic, type SolverDefinition } from "../../lib/solver/index.js";
import { anyGridSolvers, type Given } from "./option-sets.js";

/** Large enough that the kernels share a batch among threads: a combine of two terms moves 1.2 MB. */
const shape = [1, 64, 64];
const size = 4096;
const rows = 12;
const steps = 4;
const pattern = (amplitude: number, phase: number) =>
  Float64Array.from({ length: size }, (_, i) => amplitude * Math.sin(phase + 0.01 * i));
const denoiser = gaussianMixture({
  process: vpLinear(),
  shape,
  weights: [0.6, 0.4],
  means: [pattern(0.5, 0), pattern(0.4, 2)],
  stds: [0.4, 0.3],
});
const seeds = Array.from({ length: rows }, (_, i) => 1000 + 7 * i);

const draw = async (solver: string, given: Given, request: SampleRequest) =>
  (await sample(denoiser, { solver: { name: solver, ...given }, steps, dtype: "float64", ...request })).data;

const bits = (x: ArrayBufferView) => Buffer.from(x.buffer, x.byteOffset, x.byteLength);
const same = (a: ArrayBufferView, b: ArrayBufferView) => bits(a).equals(bits(b));

const threads = nativeInfo().threads;
afterAll(() => setThreads(threads));

/** Options that change control flow or add noise, besides the defaults. */
const more: Readonly<Record<string, readonly Given[]>> = {
  ddim: [{ eta: 1 }],
  euler: [{ churn: 5 }],
  "edm-heun": [{ churn: 5 }],
  "dpm-fast": [{ eta: 1 }],
  evodiff: [{ variant: "paper" }],
  "predictor-corrector": [{ correctorSteps: 2 }],
};

const cases = anyGridSolvers().flatMap((solver) =>
  [{}, ...(more[solver.name] ?? [])].map((given) => {
    const label = `${solver.name} ${JSON.stringify(given)}`;
    return [label, solver, { ...requiredOptions(solver, denoiser), ...given }] as [
      string,
      SolverDefinition,
      Given,
    ];
  }),
);

describe("a sample has the same bits", () => {
  it.each(cases)("%s", async (_, { name }, given) => {
    setThreads(1);
    const batch = await draw(name, given, { seeds });
    const row = (i: number) => batch.subarray(i * size, (i + 1) * size);
    expect(batch.every(Number.isFinite)).toBe(true);

    const alone = await draw(name, given, { seeds: [seeds[7]!] });
    expect(same(alone, row(7)), "alone").toBe(true);

    const order = [5, 0];
    const reordered = await draw(name, given, { seeds: order.map((i) => seeds[i]!) });
    for (const [place, i] of order.entries()) {
      const there = reordered.subarray(place * size, (place + 1) * size);
      expect(same(there, row(i)), "in another order").toBe(true);
    }

    setThreads(2);
    expect(same(await draw(name, given, { seeds }), batch), "on two threads").toBe(true);
  });
});

describe("a solver with its correction off is its base, bit for bit", () => {
  const pairs: readonly [string, Given, string, Given][] = [
    ["euler", {}, "ipndm", { order: 1 }],
    ["euler", {}, "lms", { order: 1 }],
    ["euler", {}, "deis-tab", { order: 1 }],
    ["euler", {}, "deis-log-rho", { order: 1 }],
    ["euler", {}, "ipndm-v", { order: 1, weights: "released" }],
    ["deis-rho-ab", { order: 4 }, "lms", { order: 4 }],
    ["deis-rho-ab", { order: 3 }, "ipndm-v", { order: 3 }],
    ["s-pndm", {}, "plms", { order: 2 }],
    ["ddim", {}, "euler-ancestral", { eta: 0 }],
    ["ddim", {}, "ddim", { eta: 0 }],
    ["ddpm", { variance: "small" }, "ddim", { eta: 1 }],
    ["edm-heun", {}, "edm-heun", { churn: 5, churnMin: 1e9 }],
  ];
  it.each(pairs)("%s %o and %s %o", async (base, baseOptions, name, options) => {
    const request = { seeds: seeds.slice(0, 2), grid: { schedule: "log-snr", final: "zero" } } as const;
    expect(same(await draw(name, options, request), await draw(base, baseOptions, request))).toBe(true);
  });

  it("a solver without noise gives the same sample for every seed of its noise", async () => {
    const initial = pattern(1, 1);
    for (const solver of anyGridSolvers()) {
      const given = requiredOptions(solver, denoiser);
      if (isStochastic(solver, solver.options.parse(given))) continue;
      const one = await draw(solver.name, given, { initial, seed: 1, steps: 2 });
      const other = await draw(solver.name, given, { initial, seed: 2, steps: 2 });
      expect(same(one, other), solver.name).toBe(true);
    }
  });
});
