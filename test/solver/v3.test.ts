import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readGolden } from "../../lib/conform/golden.js";
import { gaussianMixture, type SampleRequest, type Samples, sample } from "../../lib/index.js";
import { writeNpz, writeSafetensors } from "../../lib/io/index.js";
import { edm } from "../../lib/process/index.js";
import type { ModelStatistics } from "../../lib/solver/dpm-solver-v3/model-statistics.js";

const golden = await readGolden(
  fileURLToPath(new URL("../golden/dpm-solver-v3.worldA.json", import.meta.url)),
);
const { world, cases } = golden;
const ems = golden.ems!.edm!;
const table = (rows: readonly (readonly number[])[]) => Float64Array.from(rows.flat());
const statistics: ModelStatistics = {
  nodes: ems.lam.length,
  lambda: Float64Array.from(ems.lam),
  l: table(ems.l),
  s: table(ems.s),
  b: table(ems.b),
};
const { weights, means, stds, shape } = world;
const denoiser = gaussianMixture({ weights, means, stds, shape, process: edm() });
const initial = cases.find(({ process, x_T_seed }) => process.name === "edm" && x_T_seed === 1101)!.x_T;

const run = (options: Record<string, unknown>, more: Partial<SampleRequest> = {}): Promise<Samples> =>
  sample(denoiser, {
    solver: { name: "dpm-solver-v3", statistics, ...options },
    count: 2,
    initial,
    dtype: "float64",
    steps: 10,
    ...more,
  });
const distance = (a: Samples, b: Samples) =>
  Math.max(...Array.from(a.data, (value, i) => Math.abs(value - b.data[i]!)));

describe("steps snapped to the statistics' nodes", () => {
  const grids = { logSNR: "log-snr", edm: "edm" } as const;
  for (const { id, steps, schedule } of cases.filter(({ process }) => process.name === "edm")) {
    it(`are the reference's: ${id}`, async () => {
      const { times } = await run(
        { order: 1, corrector: "none" },
        { steps, grid: grids[schedule.skip_type as keyof typeof grids] },
      );
      const nodes = times.map((t) => ems.lam.findIndex((lambda) => Math.abs(lambda + Math.log(t)) < 1e-9));
      expect(nodes).toEqual(schedule.ems_indexes);
    });
  }

  it("must differ and lie where the statistics are", async () => {
    await expect(run({}, { steps: 80 })).rejects.toThrow(/share a node/);
    await expect(run({}, { grid: { schedule: "log-snr", final: "zero" } })).rejects.toThrow(/cover/);
  });
});

describe("statistics from a file", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "quench-v3-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const array = (data: Float64Array, shape = [ems.lam.length, ...world.shape]) => ({ data, shape });
  const arrays = { l: array(statistics.l), s: array(statistics.s), b: array(statistics.b) };
  const lambda = array(Float64Array.from(ems.lam), [ems.lam.length]);

  it("are the same as .npz, .safetensors and the authors' folder", async () => {
    const [npz, safetensors, authors] = ["v3.npz", "v3.safetensors", "authors"].map((name) =>
      join(folder, name),
    );
    await writeNpz(npz!, { ...arrays, lambda });
    const tensors = Object.entries({ ...arrays, lambda });
    await writeSafetensors(
      safetensors!,
      new Map(
        tensors.map(
          ([name, { data, shape }]) =>
            [name, { dtype: "F64", data: Float64Array.from(data), shape }] as const,
        ),
      ),
    );
    await mkdir(authors!);
    await writeNpz(join(authors!, "l.npz"), { l: arrays.l });
    await writeNpz(join(authors!, "sb.npz"), { s: arrays.s, b: arrays.b });
    const expected = await run({});
    expect((await run({ statistics: npz })).data).toEqual(expected.data);
    expect((await run({ statistics: safetensors })).data).toEqual(expected.data);
    // The authors' files carry no lambda: uniform over the process's range, which is what these are.
    expect(distance(await run({ statistics: authors }), expected)).toBeLessThan(1e-10);
  });

  it("are read again when the file changes", async () => {
    const path = join(folder, "changing.npz");
    await writeNpz(path, { ...arrays, lambda });
    const before = await run({ statistics: path });
    await writeNpz(path, { ...arrays, l: array(statistics.l.map(() => 1)), lambda });
    expect(distance(await run({ statistics: path }), before)).toBeGreaterThan(1e-3);
  });

  it("that are missing or wrong are named before any model call", async () => {
    let calls = 0;
    const counting = { ...denoiser, evaluate: async () => void calls++ };
    const attempt = (statistics: unknown) =>
      sample(counting, { solver: { name: "dpm-solver-v3", statistics }, count: 1, steps: 5 });
    const write = async (name: string, content: Parameters<typeof writeNpz>[1]) => {
      await writeNpz(join(folder, name), content);
      return join(folder, name);
    };
    await writeFile(join(folder, "corrupt.npz"), "not a zip");
    const short = array(new Float64Array(48), [1, ...world.shape]);
    const wrong: [unknown, RegExp][] = [
      [join(folder, "absent.npz"), /absent\.npz/],
      [folder, /l\.npz and sb\.npz/],
      [join(folder, "corrupt.npz"), /corrupt\.npz/],
      [await write("no-b.npz", { l: arrays.l, s: arrays.s }), /"b"/],
      [await write("short.npz", { ...arrays, s: short }), /"s" has shape \[1,3,4,4\]/],
      [await write("nan.npz", { ...arrays, b: array(statistics.b.map(() => Number.NaN)) }), /"b" holds NaN/],
      [{ ...statistics, l: statistics.l.slice(0, -1) }, /statistics/],
      [{ ...statistics, lambda: Float64Array.from(ems.lam).reverse() }, /increasing/],
      [{ nodes: 2, l: new Float64Array(6), s: new Float64Array(6), b: new Float64Array(6) }, /share a node/],
    ];
    for (const [statistics, message] of wrong) await expect(attempt(statistics)).rejects.toThrow(message);
    const thin = (values: Float64Array) => values.slice(0, ems.lam.length * 5);
    const small = { ...statistics, l: thin(statistics.l), s: thin(statistics.s), b: thin(statistics.b) };
    await expect(attempt(small)).rejects.toThrow(/5 elements do not fit a sample of 48/);
    expect(calls).toBe(0);
  });
});

describe("the reduced-entropy corrector", () => {
  it("costs no evaluation, reports its factors and is bounded by them", async () => {
    const seen: (readonly string[])[] = [];
    const { nfe } = await run(
      { corrector: "reduced-entropy" },
      {
        onStep: ({ diagnostics }) => {
          seen.push(Object.keys(diagnostics ?? {}));
          for (const eta of diagnostics?.eta ?? []) expect(eta).toSatisfy((v: number) => v >= 0.5 && v <= 1);
          for (const zeta of diagnostics?.zeta ?? []) expect(zeta).toSatisfy((v: number) => v > 0 && v <= 1);
        },
      },
    );
    expect(nfe).toBe(10);
    // The first two states have no two differences before them.
    expect(seen).toEqual([[], [], ...new Array(8).fill(["eta", "zeta", "etaStar", "zetaStar"])]);
  });

  it("is EVODiff as printed when l = 1, s = b = 0, up to the quadrature over the nodes", async () => {
    // A trapezoid sum over many nodes is the integral, and moment(1)/moment(0) is what 2M's exact term has.
    const nodes = 2401;
    const lambda = Float64Array.from(
      { length: nodes },
      (_, i) => -Math.log(80) + (i / (nodes - 1)) * Math.log(40000),
    );
    const flat = (value: number) => new Float64Array(nodes * 48).fill(value);
    const fine = { nodes, lambda, l: flat(1), s: flat(0), b: flat(0) };
    const gap = async (steps: number) => {
      const control = { statistics: fine, corrector: "reduced-entropy", predictor: "taylor" };
      const inside = await run(control, { steps });
      const printed = await run({}, { steps, solver: { name: "evodiff", variant: "paper" } });
      return distance(inside, printed);
    };
    const [coarse, fineGap] = [await gap(60), await gap(240)];
    expect(fineGap).toBeLessThan(coarse / 4);
    expect(fineGap).toBeLessThan(2e-3);
  });

  it("needs order 2", async () => {
    await expect(run({ corrector: "reduced-entropy", order: 3 })).rejects.toThrow(/needs order 2/);
  });
});

it("converges as it claims, degenerated to data prediction", async () => {
  const nodes = 1921;
  const lambda = Float64Array.from(
    { length: nodes },
    (_, i) => -Math.log(80) + (i / (nodes - 1)) * Math.log(40000),
  );
  const none = new Float64Array(nodes * 48);
  const options = { statistics: { nodes, lambda, l: none, s: none, b: none }, degenerated: true };
  const truth = await sample(denoiser, {
    solver: "dpm-solver++-3m",
    steps: 1920,
    count: 2,
    initial,
    dtype: "float64",
  });
  for (const order of [1, 2]) {
    const errors = await Promise.all(
      [80, 160].map(async (steps) =>
        distance(await run({ ...options, order, corrector: "none" }, { steps }), truth),
      ),
    );
    const measured = Math.log2(errors[0]! / errors[1]!);
    expect(measured, `order ${order}`).toBeGreaterThan(order - 0.35);
  }
});
