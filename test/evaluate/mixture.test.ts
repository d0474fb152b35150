import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  compare,
  type Evaluation,
  evaluate,
  markdownReport,
  type Plan,
  readNpz,
  writeReport,
} from "../../lib/index.js";
import { folder } from "./folders.js";

const plan: Plan = {
  methods: [
    { solver: "ddim" },
    { solver: "dpm-solver++-2m" },
    { name: "ancestral", solver: { name: "ddim", eta: 1 } },
    { name: "bad", solver: "ddim", initialScale: 1e300 },
  ],
  nfe: [5, 10],
  samples: 80,
  seeds: [3, 4],
  metrics: ["nll", "rmse", "ode-error"],
  replicates: 40,
  reference: { solver: "dpm-solver++-3m", steps: 60 },
};

describe("an evaluation of a mixture", () => {
  const out = folder();
  let done: Evaluation;
  beforeAll(async () => {
    done = await evaluate("circle8", { ...plan, out });
  });
  const cell = (method: string, count: number, from = done) =>
    from.cells.find((one) => one.method === method && one.column.count === count)!;

  it("measures every method at every number of calls, with an interval around the value", () => {
    expect(done.cells.map(({ method, nfe }) => [method, nfe])).toEqual([
      ["ddim", 5],
      ["ddim", 10],
      ["dpm-solver++-2m", 5],
      ["dpm-solver++-2m", 10],
      ["ancestral", 5],
      ["ancestral", 10],
    ]);
    for (const { metrics, reused, seeds } of done.cells) {
      expect({ reused, seeds }).toEqual({ reused: false, seeds: ["3", "4"] });
      for (const { value, low, high, perSeed } of Object.values(metrics)) {
        expect(low < value && value < high).toBe(true);
        expect(value).toBeCloseTo((perSeed[0]! + perSeed[1]!) / 2, 12);
      }
    }
  });

  it("reports a cell that fails, and goes on", () => {
    expect(done.failed.map(({ method, error }) => [method, error.code])).toEqual([
      ["bad", "MODEL_FAILED"],
      ["bad", "MODEL_FAILED"],
    ]);
  });

  it("measures no trajectory error of stochastic solvers", () => {
    expect(Object.keys(cell("ancestral", 5).metrics)).toEqual(["nll"]);
    expect(Object.keys(cell("ddim", 5).metrics)).toEqual(["nll", "rmse", "ode-error"]);
    expect(cell("ddim", 5).metrics["ode-error"]!.value).toBeCloseTo(
      Math.SQRT2 * cell("ddim", 5).metrics.rmse!.value,
      12,
    );
  });

  it("keeps per-sample numbers from which the value follows", async () => {
    const errors = (await readNpz(cell("ddim", 10).arrays)).get("errors")!.data as Float64Array;
    expect(errors).toHaveLength(160);
    const mean = errors.reduce((a, b) => a + b, 0) / 160;
    expect(cell("ddim", 10).metrics.rmse!.value).toBeCloseTo(mean, 12);
  });

  it("takes finished cells again, whatever the plan calls them and asks for besides", async () => {
    const again = await evaluate("circle8", {
      ...plan,
      methods: [
        { name: "first order", solver: { name: "ddim", eta: 0 }, grid: "log-snr" },
        { solver: "deis-tab" },
      ],
      metrics: ["rmse"],
      out,
    });
    expect(again.cells.map(({ method, reused }) => [method, reused])).toEqual([
      ["first order", true],
      ["first order", true],
      ["deis-tab", false],
      ["deis-tab", false],
    ]);
    expect(cell("first order", 5, again).metrics).toEqual(cell("ddim", 5).metrics);
    // Pairs with a cell that was just made, too.
    expect(compare(cell("first order", 5, again), cell("ddim", 5), "rmse")).toMatchObject({ value: 0 });
    expect(readdirSync(join(out, "references"))).toHaveLength(1);
  });

  it("measures anew what was judged by another reference", async () => {
    const other = await evaluate("circle8", {
      ...plan,
      methods: [{ solver: "ddim" }],
      nfe: [5],
      reference: { solver: "edm-heun", steps: 8 },
      out: folder(),
    });
    expect(other.cells[0]!.key).toBe(cell("ddim", 5).key);
    expect(other.cells[0]!.metrics.rmse!.value).not.toBe(cell("ddim", 5).metrics.rmse!.value);
    expect(other.cells[0]!.metrics.nll).toEqual(cell("ddim", 5).metrics.nll);
  });

  it("tells a real difference, more sharply than if the noises were not shared", () => {
    const [a, b] = [cell("ddim", 5), cell("ddim", 10)];
    const found = compare(a, b, "rmse");
    expect(found).toMatchObject({ beyondNoise: true });
    expect(found.value).toBeCloseTo(a.metrics.rmse!.value - b.metrics.rmse!.value, 12);
    expect(compare(b, a, "rmse").value).toBe(-found.value);
    const nll = compare(a, b, "nll").standardError;
    expect(nll).toBeLessThan(Math.hypot(a.metrics.nll!.standardError, b.metrics.nll!.standardError));
  });

  it("tells no difference where there is none", async () => {
    const alike = await evaluate("circle8", {
      ...plan,
      methods: [{ solver: { name: "ddim", eta: 1 }, steps: [60, 61] }],
      metrics: ["nll"],
      out: folder(),
    });
    const found = compare(alike.cells[0]!, alike.cells[1]!, "nll");
    expect(found.value).not.toBe(0);
    expect(found.beyondNoise).toBe(false);
  });

  it("refuses to compare cells of other noises or without the metric", async () => {
    const other = await evaluate("circle8", {
      ...plan,
      methods: [{ solver: "ddim" }],
      seeds: [5, 6],
      metrics: ["nll"],
      out: folder(),
    });
    expect(() => compare(other.cells[0]!, cell("ddim", 5), "nll")).toThrow(/same seeds/);
    expect(() => compare(cell("ancestral", 5), cell("ddim", 5), "rmse")).toThrow(/has no "rmse"/);
  });

  it("says in the report what is best, what is tied and what failed", async () => {
    const text = markdownReport(done);
    const section = text.slice(text.indexOf("`rmse`, lower is better"));
    const row = (method: string) => section.split("\n").find((line) => line.startsWith(`| ${method} `))!;
    expect(row("dpm-solver++-2m")).toMatch(/\*\*.*\*\*.*\*\*.*\*\*/);
    expect(row("ddim")).not.toMatch(/\*\*|≈/);
    expect(row("ancestral")).toBe("| ancestral | – | – |");
    expect(row("bad")).toBe("| bad | failed | failed |");
    expect(text.match(/^## .*/gm)![0]).toMatch(/^## [A-Z]/);
    expect(markdownReport({ ...done, metrics: ["mode-weights"] })).toContain(
      "\n## χ² of the modes' weights\n",
    );
    const { files, left } = await writeReport(done, out);
    expect(left).toEqual([]);
    expect(files).toEqual(["results.md", "results.csv", "nll.svg", "rmse.svg", "ode-error.svg"]);
    const lines = readFileSync(join(out, "results.csv"), "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(1 + 4 * 3 + 2 * 1 + 2);
    expect(lines[1]).toMatch(/^ddim,nfe,5,5,5,80,3 4,nll,[\d., ]+,[0-9a-f]{20},$/);
    expect(lines.at(-1)).toMatch(/^bad,nfe,10,,,80,3 4,,,,,,,,,[0-9a-f]{20},"?MODEL_FAILED: /);
    expect(new Set(lines.map((line) => line.replaceAll(/"[^"]*"/g, "").split(",").length))).toEqual(
      new Set([17]),
    );
    expect(readFileSync(join(out, "rmse.svg"), "utf8")).toMatch(/^<svg/);
  });
});
