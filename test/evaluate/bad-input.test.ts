import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { evaluate, type Plan } from "../../lib/index.js";

const root = mkdtempSync(join(tmpdir(), "quench-evaluate-bad-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const digits = new URL("../../models/digits", import.meta.url).pathname;
writeFileSync(join(root, "file"), "");
writeFileSync(join(root, "mixture.json"), '{"format": "quench-mixture", "version": 1, "wieghts": [1]}');

const good: Plan = { methods: [{ solver: "ddim" }], nfe: [5], samples: 10 };
const method = (member: object): Plan => ({ ...good, methods: [{ solver: "ddim", ...member }] });

const cases: readonly (readonly [
  name: string,
  model: string,
  plan: object,
  code: string,
  message: RegExp,
])[] = [
  ["a misspelled solver", "circle8", method({ solver: "dddim" }), "UNKNOWN_NAME", /did you mean "ddim"/],
  ["a misspelled option", "circle8", method({ solver: { name: "ddim", etta: 1 } }), "UNKNOWN_NAME", /"eta"/],
  ["a misspelled schedule", "circle8", method({ grid: "logsnr" }), "UNKNOWN_NAME", /"log-snr"/],
  ["a misspelled metric", "circle8", { ...good, metrics: ["nnl"] }, "UNKNOWN_NAME", /did you mean "nll"/],
  ["a misspelled member", "circle8", { ...good, sampels: 5 }, "UNKNOWN_NAME", /"samples"/],
  [
    "two methods of a name",
    "circle8",
    { ...good, methods: [...good.methods, ...good.methods] },
    "INVALID_ARGUMENT",
    /two methods are named "ddim"/,
  ],
  [
    "guidance of samples without a class",
    digits,
    { ...good, labels: "none", guidance: 2 },
    "INVALID_ARGUMENT",
    /without a class guidance changes nothing/,
  ],
  ["half a worker", "circle8", { ...good, workers: 1.5 }, "INVALID_ARGUMENT", /workers: .* received 1\.5/],
  [
    "progress told to no function",
    "circle8",
    { ...good, onProgress: 5 },
    "INVALID_ARGUMENT",
    /onProgress: expected a function/,
  ],
  [
    "more samples than there is memory",
    digits,
    { ...good, samples: 1_000_000, seeds: Array.from({ length: 4000 }, (_, s) => s) },
    "INVALID_ARGUMENT",
    /^samples: 4000000000 samples of \[1, 28, 28\] take .* GiB.*fewer seeds/,
  ],
  ["no columns", "circle8", { ...good, nfe: undefined }, "INVALID_ARGUMENT", /expected steps or nfe/],
  ["two kinds of columns", "circle8", { ...good, steps: [5] }, "INVALID_ARGUMENT", /not both/],
  [
    "too few calls for the solver",
    "circle8",
    method({ solver: "edm-heun", grid: { schedule: "edm", final: "min" }, nfe: [1] }),
    "INVALID_ARGUMENT",
    /solver "edm-heun" cannot do with 1 model calls/,
  ],
  [
    "a solver that decides its calls itself",
    "circle8",
    method({ solver: "dpm-solver-23" }),
    "INVALID_ARGUMENT",
    /decides its model calls itself/,
  ],
  ["equal seeds", "circle8", { ...good, seeds: [1, "1"] }, "INVALID_ARGUMENT", /different seeds/],
  [
    "too few samples for a metric",
    "circle8",
    { ...good, metrics: ["mode-weights"] },
    "INVALID_ARGUMENT",
    /at least 63 per seed, received 10/,
  ],
  ["features for a mixture", "circle8", { ...good, metrics: ["fd"] }, "INVALID_ARGUMENT", /feature network/],
  [
    "a network for a metric of mixtures",
    digits,
    { ...good, metrics: ["nll"] },
    "INVALID_ARGUMENT",
    /no component a point/,
  ],
  ["labels for a mixture", "circle8", { ...good, labels: [1] }, "INVALID_ARGUMENT", /no classes/],
  ["a class that is not there", digits, { ...good, labels: [10] }, "INVALID_ARGUMENT", /\[0, 9\]/],
  ["guidance without classes", "circle8", { ...good, guidance: 2 }, "INVALID_ARGUMENT", /null class/],
  ["a model that is not there", "circle9", good, "INVALID_MODEL", /no such file.*"circle8"\? Known: .*grid8/],
  ["a mixture that is none", join(root, "mixture.json"), good, "INVALID_FILE", /wieghts.*weights/],
  ["features that are not there", digits, { ...good, features: root }, "INVALID_FILE", /features.json/],
  ["a folder that is a file", "circle8", { ...good, out: join(root, "file") }, "WRITE_FAILED", /file/],
];

describe("a plan that cannot be carried out is refused before anything is drawn", () => {
  it.each(cases)("%s", async (name, model, plan, code, message) => {
    const out = join(root, name.replaceAll(" ", "-"));
    const error = await evaluate(model, { out, workers: 0, ...plan } as never).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: "QuenchError", code, message: expect.stringMatching(message) });
    expect(existsSync(join(out, "cells"))).toBe(false);
  });

  it.each<[string, unknown, object, string]>([
    ["no model", undefined, good, "model"],
    ["a truth that is no mixture", "circle8", { ...good, truth: {} }, "shape"],
    ["a truth that is none", "circle8", { ...good, truth: 5 }, "truth"],
  ])("%s", async (_, model, plan, where) => {
    const run = evaluate(model as never, { out: join(root, "none"), workers: 0, ...plan } as never);
    await expect(run).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where });
  });

  it("a solver's option by its place", async () => {
    const run = evaluate("circle8", { ...method({ solver: { name: "unipc", order: 99 } }), out: root });
    await expect(run).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      where: "solver.unipc.order",
      message: expect.stringMatching(/^solver\.unipc\.order: Too big.* \(method "unipc", nfe 5\)$/),
    });
  });

  it.skipIf(process.getuid?.() === 0)("a folder that cannot be written to", async () => {
    const out = mkdtempSync(join(root, "locked-"));
    chmodSync(out, 0o500);
    await expect(evaluate("circle8", { ...good, out })).rejects.toMatchObject({ code: "WRITE_FAILED" });
  });
});
