import { cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  circle8,
  type EvaluateOptions,
  evaluate,
  gaussianMixture,
  grid8,
  type Plan,
} from "../../lib/index.js";
import { folder } from "./folders.js";

const digits = fileURLToPath(new URL("../../models/digits", import.meta.url));

describe("cells judged by another truth", () => {
  const denoiser = { ...gaussianMixture(circle8), hash: "ab".repeat(32) };
  const plan: Plan = {
    methods: [{ solver: "ddim", dtype: "float64" }],
    nfe: [4],
    samples: 40,
    replicates: 20,
    reference: { solver: "unipc", steps: 20 },
  };
  const cellOf = async (options: Partial<Plan> & EvaluateOptions) =>
    (await evaluate(denoiser, { ...plan, metrics: ["nll"], workers: 0, ...options })).cells[0]!;

  it("are measured anew, and those of the same one are not", async () => {
    const out = folder();
    const circle = await cellOf({ out, truth: circle8 });
    expect(await cellOf({ out, truth: { ...circle8, name: "by another name" } })).toMatchObject({
      reused: true,
      metrics: circle.metrics,
    });
    const grid = await cellOf({ out, truth: grid8 });
    expect(grid).toMatchObject({ reused: false, key: circle.key });
    expect(grid.metrics).toEqual((await cellOf({ out: folder(), truth: grid8 })).metrics);
    expect(grid.metrics).not.toEqual(circle.metrics);
  });

  it("are measured from what they keep where a metric is asked for later, and keep those they have", async () => {
    const out = folder();
    const first = await cellOf({ out, truth: circle8, metrics: ["nll", "rmse"] });
    const later = await cellOf({ out, truth: circle8, metrics: ["sliced-wasserstein"] });
    expect(later).toMatchObject({ reused: true, metrics: first.metrics, seconds: first.seconds });
    const whole = await cellOf({
      out: folder(),
      truth: circle8,
      metrics: ["nll", "rmse", "sliced-wasserstein"],
    });
    expect(later.metrics).toEqual(whole.metrics);
    expect(await cellOf({ out, truth: circle8, metrics: ["nll"] })).toMatchObject({
      reused: true,
      metrics: whole.metrics,
    });
  });

  it("are made anew where a process ended between the writing of their two files", async () => {
    const [out, other] = [folder(), folder()];
    const { key } = await cellOf({ out, truth: circle8 });
    await cellOf({ out: other, truth: circle8, metrics: ["nll", "sliced-wasserstein"] });
    cpSync(join(other, "cells", `${key}.npz`), join(out, "cells", `${key}.npz`));
    expect(await cellOf({ out, truth: circle8 })).toMatchObject({ reused: false });
    expect(await cellOf({ out, truth: circle8 })).toMatchObject({ reused: true });
  });

  it("do where nothing is compared with a truth, and say nothing of the one a mixture has itself", async () => {
    const out = folder();
    const withTruth = await cellOf({ out, truth: circle8, metrics: ["nll", "rmse"] });
    expect(withTruth.judge.truth).toMatch(/^[0-9a-f]{20}$/);
    expect(await cellOf({ out, metrics: ["rmse"] })).toMatchObject({ reused: true });
    const own = (await evaluate("circle8", { ...plan, metrics: ["nll"], out })).cells[0]!;
    expect(JSON.parse(readFileSync(join(out, "cells", `${own.key}.json`), "utf8")).judge).toEqual({});
  });
});

describe("cells and traces of a model's folder", () => {
  /** A copy of the digits' folder whose JSON files may be changed. */
  function copied() {
    const model = folder();
    cpSync(digits, model, { recursive: true });
    const change = (name: string, how: (value: Record<string, unknown>) => object) => {
      const path = join(model, name);
      writeFileSync(path, JSON.stringify(how(JSON.parse(readFileSync(path, "utf8")))));
    };
    const out = folder();
    const plan: Plan = { methods: [{ solver: "ddim" }], steps: [2], samples: 4, replicates: 20, trace: 2 };
    const cellOf = async () =>
      (await evaluate(model, { ...plan, metrics: ["accuracy"], workers: 0, out })).cells[0]!;
    return { change, cellOf };
  }

  it("are measured anew where the features are read otherwise", async () => {
    const { change, cellOf } = copied();
    const { judge } = await cellOf();
    expect(judge.reading).toBeUndefined(); // as cells that were kept before there was one
    expect((await cellOf()).reused).toBe(true);
    const preprocess = { mean: 0.4, quantize: false };
    change("features.json", (features) => ({ ...features, preprocess }));
    expect((await cellOf()).reused).toBe(false);
    expect((await cellOf()).reused).toBe(true);
    change("features.json", ({ preprocess: _, ...features }) => features);
    expect((await cellOf()).reused).toBe(false);
  });

  it("are measured from the features they keep where real samples are asked for later", async () => {
    const out = folder();
    const cellOf = async (...metrics: string[]) => {
      const plan: Plan = { methods: [{ solver: "ddim" }], steps: [2], samples: 4, replicates: 20, metrics };
      return (await evaluate(digits, { ...plan, workers: 0, out })).cells[0]!;
    };
    const first = await cellOf("fd");
    const later = await cellOf("fd", "kid");
    expect(later).toMatchObject({ reused: true, metrics: first.metrics, seconds: first.seconds });
    expect(later.metrics.kid!.value).toBeTypeOf("number");
    expect(later.judge.real).toMatch(/^[0-9a-f]{20}$/);
    expect((await cellOf("kid")).reused).toBe(true);
  });

  it("of samples without a class have no accuracy, and are measured otherwise", async () => {
    const plan: Plan = {
      methods: [{ solver: "ddim" }],
      steps: [2],
      samples: 4,
      replicates: 20,
      labels: "none",
    };
    const { cells, failed } = await evaluate(digits, { ...plan, workers: 0, out: folder() });
    expect(failed).toEqual([]);
    expect(Object.keys(cells[0]!.metrics)).toContain("fd");
    expect(cells[0]!.metrics.accuracy).toBeUndefined();
    await expect(
      evaluate(digits, { ...plan, metrics: ["accuracy"], workers: 0, out: folder() }),
    ).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where: "metrics" });
  });

  it("are traced anew where the risk curve is another", async () => {
    const { change, cellOf } = copied();
    const traced = async () => {
      const path = (await cellOf()).trace!;
      return { at: statSync(path).ino, steps: JSON.parse(readFileSync(path, "utf8")).steps };
    };
    const first = await traced();
    expect(await traced()).toEqual(first);
    change("risk.json", (risk) => ({
      ...risk,
      risk: (risk.risk as number[]).map((value, i) => value * (1 + 0.05 * i)),
    }));
    const second = await traced();
    expect(second.steps[1].entropyRate).not.toBe(first.steps[1].entropyRate);
    expect(second.steps[1].predictionVariance).toBe(first.steps[1].predictionVariance);
  });
});
