import { expect, it } from "vitest";
import type { Level } from "../../lib/process/index.js";
import { dataAt, noiseAt, process, run, start, sum, times, worstGap } from "./plain.js";

/** y and its slope in the variable k: x/α, ε̂ over σ/α, or x/σ, x̂_0 over α/σ. */
const forms = {
  noise: {
    k: ({ alpha, sigma }: Level) => sigma / alpha,
    scale: ({ alpha }: Level) => alpha,
    at: (k: number) => process.atLambda(-Math.log(k)),
    slope: noiseAt,
  },
  data: {
    k: ({ alpha, sigma }: Level) => alpha / sigma,
    scale: ({ sigma }: Level) => sigma,
    at: (k: number) => process.atLambda(Math.log(k)),
    slope: dataAt,
  },
};
const phi = 1 - 1 / 2 + 1 / 6;

it.each(["noise", "data"] as const)(
  "SciRE-Solver in %s prediction is the authors' algorithm",
  async (prediction) => {
    const { k, scale, at, slope } = forms[prediction];
    const steps = 4;
    const levels = times(steps);
    const paper = async (order: 2 | 3) => {
      let y = sum([1 / scale(levels[0]!), start]);
      for (let n = 0; n < steps; n++) {
        const [from, h] = [levels[n]!, k(levels[n + 1]!) - k(levels[n]!)];
        const p = (z: readonly number[], level: Level) => slope(sum([scale(level), z]), level);
        const m = await p(y, from);
        const [r1, r2] = order === 2 ? [1 / 2, 1 / 2] : [1 / 3, 2 / 3];
        const [s1, s2] = [at(k(from) + r1 * h), at(k(from) + r2 * h)];
        let last = await p(sum([1, y], [r1 * h, m]), s1);
        if (order === 3) {
          const c = (r2 * h) / (2 * r1 * phi);
          last = await p(sum([1, y], [r2 * h, m], [c, last], [-c, m]), s2);
        }
        const c = h / (2 * r2 * phi);
        y = sum([1, y], [h, m], [c, last], [-c, m]);
      }
      return sum([scale(levels[steps]!), y]);
    };
    for (const order of [2, 3] as const) {
      const solver = { name: `scire-${order}`, prediction, differenceTerms: 3 };
      const ours = await run({ solver, steps, grid: "time-uniform" });
      expect(worstGap(ours, await paper(order)), `order ${order}`).toBeLessThan(1e-11);
    }
  },
);

it("the two-step method weighs the difference by the ratio of log-SNR steps", async () => {
  const steps = 5;
  const levels = times(steps);
  let y = sum([1 / levels[0]!.alpha, start]);
  let previous: number[] | undefined;
  for (let n = 0; n < steps; n++) {
    const [from, to] = [levels[n]!, levels[n + 1]!];
    const h = to.sigma / to.alpha - from.sigma / from.alpha;
    const e = await noiseAt(sum([from.alpha, y]), from);
    const r = n === 0 ? 1 : (from.lambda - levels[n - 1]!.lambda) / (to.lambda - from.lambda);
    const difference = previous ? sum([1, e], [-1, previous]) : sum([0, e]);
    y = sum([1, y], [h, e], [h / (2 * phi * r), difference]);
    previous = e;
  }
  const ours = await run({ solver: { name: "scire-2m", differenceTerms: 3 }, steps, grid: "time-uniform" });
  expect(worstGap(ours, sum([levels[steps]!.alpha, y]))).toBeLessThan(1e-11);
});
