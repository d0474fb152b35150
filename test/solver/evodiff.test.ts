import { describe, expect, it } from "vitest";
import { gaussianMixture, sample, worlds } from "../../lib/index.js";
import { callCounts } from "../../lib/native/index.js";
import { edm, vpLinear } from "../../lib/process/index.js";
import { type Arithmetic, extended, float32, float64 } from "./evodiff/arithmetic.js";
import { literalPaper, literalReleased } from "./evodiff/literal.js";
import { channels, play, type Script, script, size } from "./evodiff/scripted.js";

const variants = ["released", "paper"] as const;
type Variant = (typeof variants)[number];

function literal<T>(
  variant: Variant,
  a: Arithmetic<T>,
  { x, predictions }: Script,
  times: readonly number[],
) {
  const rows = variant === "released" ? channels : 1;
  const length = size / rows;
  return Array.from({ length: rows }, (_, row) => {
    const part = (values: Float64Array) => values.slice(row * length, (row + 1) * length);
    const transcription = variant === "released" ? literalReleased<T> : literalPaper<T>;
    return transcription(a, { x: part(x), predictions: predictions.map(part), times });
  }).flat();
}

const solver = (variant: Variant) => ({ name: "evodiff", variant, lastStep: "ddim" });
const grids = ["log-snr", "edm", "time-quadratic"] as const;

describe("a step through inner products alone", () => {
  const cases = variants.flatMap((variant) =>
    grids.flatMap((grid) => [3, 7, 24].map((steps) => ({ variant, grid, steps }))),
  );
  it.each(cases)(
    "is the literal formula: $variant, $grid, $steps steps",
    async ({ variant, grid, steps }) => {
      for (let seed = 0; seed < 5; seed++) {
        const given = script(seed, steps, "independent", "float64");
        const { data, times } = await play(given, { solver: solver(variant), grid, steps, dtype: "float64" });
        const expected = literal(variant, float64, given, times);
        const largest = Math.max(...expected.map(Math.abs));
        for (const [i, value] of expected.entries())
          expect(Math.abs(data[i]! - value) / largest).toBeLessThan(1e-12);
      }
    },
  );

  it("measures the same balances in float32 where predictions shrink to nothing", async () => {
    const steps = 16;
    const given = script(2, steps, "independent", "float32");
    const shrinking = { ...given, predictions: given.predictions.map((p, k) => p.map((z) => z * 0.2 ** k)) };
    const [single, double] = [[], []] as [number[], number[]];
    for (const [dtype, into] of [
      ["float32", single],
      ["float64", double],
    ] as const) {
      await play(shrinking, {
        ...{ solver: solver("released"), grid: "log-snr", steps, dtype },
        onStep: ({ diagnostics }) => void into.push(...(diagnostics?.c ?? [])),
      });
    }
    expect(single.length).toBeGreaterThan(20);
    for (const [i, c] of single.entries()) expect(Math.abs(c - double[i]!)).toBeLessThan(1e-4);
  });

  it.each(variants)("takes at most one Gram pass and two combines: %s", async (variant) => {
    const at: { gram: number; combine: number }[] = [];
    const note = () => at.push({ gram: callCounts().gram, combine: callCounts().combine });
    const steps = 8;
    note();
    await play(script(1, steps, "independent", "float32"), {
      solver: solver(variant),
      grid: "log-snr",
      steps,
      dtype: "float32",
      onStep: note,
    });
    const evaluations = [2, 1, 1, 1, 1, 1, 1, 0]; // each of them takes two combines of the engine's, one for onStep
    for (let step = 0; step < steps; step++) {
      expect(at[step + 1]!.gram - at[step]!.gram).toBeLessThanOrEqual(1);
      expect(at[step + 1]!.combine - at[step]!.combine - 2 * evaluations[step]!).toBeLessThanOrEqual(2);
    }
  });
});

describe("nearly equal predictions", () => {
  const rms = (errors: readonly number[]) =>
    Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
  const shapes = [
    { grid: "log-snr", steps: 6 },
    { grid: "log-snr", steps: 24 },
    { grid: "edm", steps: 6 },
    { grid: "time-quadratic", steps: 6 },
  ] as const;
  const cases = variants.flatMap((variant) =>
    (["float64", "float32"] as const).flatMap((dtype) =>
      shapes.map((shape) => ({ variant, dtype, ...shape })),
    ),
  );
  it.each(cases)(
    "lose one rounding more than literally at most: $variant, $dtype, $grid, $steps steps",
    async (c) => {
      const { variant, dtype, grid, steps } = c;
      const [ours, theirs]: [number[], number[]] = [[], []];
      for (const difference of [1e-3, 1e-5, 1e-7]) {
        for (let seed = 0; seed < 3; seed++) {
          const given = script(seed, steps, difference, dtype);
          const { data, times } = await play(given, { solver: solver(variant), grid, steps, dtype });
          const exact = literal(variant, extended, given, times);
          const plain = literal(variant, dtype === "float32" ? float32 : float64, given, times);
          ours.push(...exact.map((value, i) => data[i]! - value));
          theirs.push(...exact.map((value, i) => plain[i]! - value));
        }
      }
      // Literally a step rounds the state four times; ours once more, as the probe takes its place: √(5/4). 4% is one standard
      // deviation of what chance makes of 576 elements.
      expect(rms(ours) / rms(theirs)).toBeLessThan(1.12 * 1.04);
    },
  );

  it.each(variants)("that are identical give DDIM's steps on equal log-SNR steps: %s", async (variant) => {
    const given = script(3, 6, 0, "float64");
    const request = { grid: "log-snr", steps: 6, dtype: "float64" } as const;
    const { data } = await play(given, { ...request, solver: solver(variant) });
    const ddim = await play(given, { ...request, solver: "ddim" });
    for (const [i, value] of data.entries()) expect(Math.abs(value - ddim.data[i]!)).toBeLessThan(1e-14);
  });

  it.each(variants)("that are identical, or zero, give finite numbers on any grid: %s", async (variant) => {
    const given = script(3, 24, 0, "float64");
    const zero = { ...given, predictions: given.predictions.map((p) => p.map(() => 0)) };
    for (const grid of grids) {
      for (const scripted of [given, zero]) {
        const { data } = await play(scripted, { solver: solver(variant), grid, steps: 24, dtype: "float32" });
        expect(data.every(Number.isFinite)).toBe(true);
      }
    }
  });
});

describe("EVODiff on a mixture", () => {
  const world = worlds.grid8!;
  it("draws a sample the same alone and in a batch", async () => {
    const denoiser = gaussianMixture(world);
    for (const variant of variants) {
      const request = { solver: { name: "evodiff", variant }, steps: 9, seed: 5 };
      const { data } = await sample(denoiser, { ...request, count: 4 });
      for (let i = 0; i < 4; i++) {
        const alone = await sample(denoiser, { ...request, firstSample: i, count: 1 });
        expect(alone.data).toEqual(data.subarray(i * alone.data.length, (i + 1) * alone.data.length));
      }
    }
  });

  it("is the same in both spaces on EDM and not on VP, where the printed variant still is", async () => {
    const draw = async (process: ReturnType<typeof edm>, options: object) =>
      (
        await sample(gaussianMixture({ ...world, process }), {
          solver: { name: "evodiff", variant: "released", ...options },
          steps: 8,
          count: 2,
          dtype: "float64",
        })
      ).data;
    const differs = async (process: ReturnType<typeof edm>, options: object) => {
      const [a, b] = [
        await draw(process, { ...options, space: "process" }),
        await draw(process, { ...options, space: "scaled" }),
      ];
      return Math.max(...Array.from(a!, (value, i) => Math.abs(value - b![i]!)));
    };
    expect(await differs(edm(), {})).toBe(0);
    expect(await differs(vpLinear(), {})).toBeGreaterThan(1e-4);
    expect(await differs(vpLinear(), { variant: "paper" })).toBe(0);
  });

  it("tells an observer its factors, one per row", async () => {
    const seen: string[][] = [];
    const steps = 5;
    await sample(gaussianMixture(world), {
      solver: { name: "evodiff", variant: "released" },
      steps,
      count: 3,
      onStep: ({ diagnostics }) => {
        seen.push(Object.keys(diagnostics ?? {}));
        const { eta, zeta } = diagnostics ?? {};
        for (const value of eta ?? []) expect(value).toSatisfy((v: number) => v >= 0.25 && v <= 0.5);
        for (const value of zeta ?? []) expect(value).toSatisfy((v: number) => v > 0 && v <= 1);
      },
    });
    expect(seen).toEqual([
      [],
      ...new Array(steps - 2).fill(["a", "c", "eta", "zeta", "etaStar", "zetaStar"]),
      [],
    ]);
  });
});
