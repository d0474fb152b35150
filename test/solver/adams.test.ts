import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  adamsBashforth,
  lagrangeWeights,
  lagrangeWeightsIn,
} from "../../lib/solver/adams/adams-bashforth.js";
import { chooseNodes } from "../../lib/solver/adams/era.js";
import { noiseAt, process, run, runWithoutNoise, start, sum, times, transfer, worstGap } from "./plain.js";

describe("Adams–Bashforth weights", () => {
  it("are the textbook weights on equal steps", () => {
    for (const order of [1, 2, 3, 4]) {
      const nodes = Array.from({ length: order }, (_, j) => -j);
      lagrangeWeights(nodes, 0, 1).forEach((weight, j) => {
        expect(weight).toBeCloseTo(adamsBashforth[order]![j]!, 13);
      });
    }
  });

  it("integrate every polynomial that the nodes determine", () => {
    const gaps = fc.array(fc.double({ min: 0.2, max: 2, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        gaps,
        fc.integer({ min: 1, max: 4 }),
        fc.double({ min: 0.2, max: 2, noNaN: true }),
        (h, n, step) => {
          const nodes = Array.from({ length: n }, (_, j) => -h.slice(0, j).reduce((a, b) => a + b, 0));
          const weights = lagrangeWeights(nodes, 0, step);
          for (let degree = 0; degree < n; degree++) {
            const weighed = weights.reduce((total, weight, j) => total + weight * nodes[j]! ** degree, 0);
            const mean = step ** degree / (degree + 1);
            expect(Math.abs(weighed - mean)).toBeLessThan(1e-9 * (1 + mean));
          }
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });

  it("with the polynomial in another variable are its integrals", () => {
    const nodes = [Math.log(3), Math.log(5), Math.log(9)];
    const weights = lagrangeWeightsIn(Math.log, nodes, 3, 1.5);
    const lagrange = (j: number, at: number) =>
      nodes.reduce((p, node, k) => (k === j ? p : (p * (at - node)) / (nodes[j]! - node)), 1);
    const panels = 400;
    weights.forEach((weight, j) => {
      let simpson = 0;
      for (let i = 0; i <= panels; i++) {
        const simpsonWeight = i === 0 || i === panels ? 1 : i % 2 === 1 ? 4 : 2;
        simpson += (simpsonWeight * lagrange(j, Math.log(3 + (i / panels) * (1.5 - 3)))) / (3 * panels);
      }
      expect(weight).toBeCloseTo(simpson, 10);
    });
  });
});

describe("pseudo numerical methods are their paper's algorithm", () => {
  const steps = 7;
  const levels = times(steps);
  const grid = "time-uniform";
  const ab = (e: readonly (readonly number[])[]) =>
    sum(...adamsBashforth[Math.min(4, e.length)]!.map((w, j) => [w, e[j]!] as const));

  it("PLMS", async () => {
    let x = [...start];
    const held: number[][] = [];
    for (let n = 0; n < steps; n++) {
      const [from, to] = [levels[n]!, levels[n + 1]!];
      const e = await noiseAt(x, from);
      held.unshift(e);
      let along = ab(held);
      if (n === 0) along = sum([0.5, e], [0.5, await noiseAt(transfer(x, e, from, to), to)]);
      x = transfer(x, along, from, to);
    }
    expect(worstGap(await run({ solver: "plms", steps, grid }), x)).toBeLessThan(1e-13);
  });

  it("F-PNDM", async () => {
    let x = [...start];
    const held: number[][] = [];
    for (let n = 0; n < steps; n++) {
      const [from, to] = [levels[n]!, levels[n + 1]!];
      const e1 = await noiseAt(x, from);
      held.unshift(e1);
      let along = ab(held);
      if (n < 3) {
        const middle = process.at((from.t + to.t) / 2);
        const e2 = await noiseAt(transfer(x, e1, from, middle), middle);
        const e3 = await noiseAt(transfer(x, e2, from, middle), middle);
        const e4 = await noiseAt(transfer(x, e3, from, to), to);
        along = sum([1 / 6, e1], [1 / 3, e2], [1 / 3, e3], [1 / 6, e4]);
      }
      x = transfer(x, along, from, to);
    }
    expect(worstGap(await run({ solver: "f-pndm", steps, grid }), x)).toBeLessThan(1e-13);
  });

  it("ERA-Solver, its nodes chosen by the error of each sample", async () => {
    const errorScale = 0.05; // small enough that the choice varies along the run
    const k = 3;
    let x = [...start];
    const held: number[][] = [];
    let guess: number[] = [];
    let error = errorScale;
    const powers = new Set<number>();
    for (let n = 0; n < steps; n++) {
      const [from, to] = [levels[n]!, levels[n + 1]!];
      held.push(await noiseAt(x, from));
      let along: readonly number[] = held[n]!;
      if (n >= k - 1) {
        if (n > k - 1) error = Math.hypot(...sum([1, held[n]!], [-1, guess]));
        powers.add(error / errorScale);
        const chosen = chooseNodes(n, k, error / errorScale);
        guess = sum(
          ...chosen.map((i) => {
            const t = levels[i]!.t;
            const others = chosen.filter((other) => other !== i).map((other) => levels[other]!.t);
            return [others.reduce((p, s) => (p * (to.t - s)) / (t - s), 1), held[i]!] as const;
          }),
        );
        along = sum([9 / 24, guess], [19 / 24, held[n]!], [-5 / 24, held[n - 1]!], [1 / 24, held[n - 2]!]);
      }
      x = transfer(x, along, from, to);
    }
    expect(powers.size).toBeGreaterThan(2);
    const ours = await runWithoutNoise({ solver: { name: "era", nodes: k, errorScale }, steps, grid });
    expect(worstGap(ours, x)).toBeLessThan(1e-11);
  });

  it("ERA's nodes are distinct, increasing and end at the latest, for any error", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 0, max: 40 }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (count, extra, power) => {
          const latest = count - 1 + extra;
          const chosen = chooseNodes(latest, count, power);
          expect(chosen.at(-1)).toBe(latest);
          expect(chosen[0]).toBeGreaterThanOrEqual(0);
          for (let m = 1; m < count; m++) expect(chosen[m]!).toBeGreaterThan(chosen[m - 1]!);
        },
      ),
      { seed: 9 },
    );
  });
});
