import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { level } from "../../lib/process/index.js";
import { exponentialStep, interpolationWeights } from "../../lib/solver/exponential-step.js";
import { factorial, phi } from "../../lib/solver/phi-functions.js";
import { releasedVaryCoeffWeights } from "../../lib/solver/unipc/vary-coeff.js";

describe("phi functions", () => {
  it("has the closed forms at 1 and the limits at 0", () => {
    expect(phi(1, 1)).toBeCloseTo(Math.E - 1, 15);
    expect(phi(2, 1)).toBeCloseTo(Math.E - 2, 15);
    expect(phi(3, 1)).toBeCloseTo(Math.E - 2.5, 15);
    for (let k = 1; k <= 6; k++) expect(phi(k, 0)).toBe(1 / factorial(k));
  });

  it("keeps its digits for small arguments, where the recurrence loses them", () => {
    // φ₃(z) = 1/6 + z/24 + z²/120 + …
    expect(phi(3, -1e-5)).toBeCloseTo(1 / 6 - 1e-5 / 24 + 1e-10 / 120, 15);
    expect(phi(4, 1e-8)).toBeCloseTo(1 / 24 + 1e-8 / 120, 16);
  });

  it("satisfies z φ_{k+1} = φ_k − 1/k! on both sides of the switch between series and recurrence", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.double({ min: -12, max: 8, noNaN: true }), (k, z) => {
        const left = z * phi(k + 1, z);
        const right = phi(k, z) - 1 / factorial(k);
        return Math.abs(left - right) <= 1e-14 * (1 + phi(k, z));
      }),
      { seed: 3 },
    );
  });
});

/** Gauss–Legendre would be finer; Simpson with many panels is plain and enough for 1e-11. */
function simpson(f: (u: number) => number, a: number, b: number, panels = 2000): number {
  const h = (b - a) / panels;
  let sum = f(a) + f(b);
  for (let i = 1; i < panels; i++) sum += (i % 2 === 0 ? 2 : 4) * f(a + i * h);
  return (sum * h) / 3;
}

describe("exponential steps", () => {
  const from = level(0, 0, 0.4, Math.sqrt(1 - 0.16));
  const to = level(0, 0, 0.7, Math.sqrt(1 - 0.49));
  const h = to.lambda - from.lambda;

  it.each([
    [0, 0],
    [1, 0],
    [2, 0],
    [1, 0.6],
    [2, 1],
  ])("integrates predictions θ^%i exactly in data form, η = %d", (k, eta) => {
    // x_t = keep x + σ_t (1+η) ∫ e^{λ} e^{−η(λ_t − λ)} m dλ (DPM-Solver++ in its SDE form, with general η)
    const integral = simpson(
      (u) => (1 + eta) * h * Math.exp(from.lambda + u * h) * Math.exp(-eta * h * (1 - u)) * to.sigma * u ** k,
      0,
      1,
    );
    expect(exponentialStep("data", from, to, eta).moment(k) * factorial(k)).toBeCloseTo(integral, 11);
  });

  it.each([0, 1, 2, 3])("integrates predictions θ^%i exactly in noise form", (k) => {
    // x_t = (α_t/α_s) x − α_t ∫ e^{−λ} e dλ (DPM-Solver Eq. 3.4)
    const integral = -to.alpha * simpson((u) => h * Math.exp(-from.lambda - u * h) * u ** k, 0, 1);
    expect(exponentialStep("noise", from, to).moment(k) * factorial(k)).toBeCloseTo(integral, 11);
  });

  it("is the clean prediction on a step to zero", () => {
    const clean = level(0, 0, 1, 0);
    const data = exponentialStep("data", from, clean);
    expect([data.keep, data.moment(0), data.fresh]).toEqual([0, 1, 0]);
    const noise = exponentialStep("noise", from, clean);
    expect(noise.keep).toBeCloseTo(1 / from.alpha, 15);
    expect(noise.moment(0)).toBeCloseTo(-from.sigma / from.alpha, 15);
  });

  it("weighs predictions so that polynomials of the nodes' degree are exact", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.double({ min: 0.3, max: 2, noNaN: true })),
        (n, gaps) => {
          const nodes = [0];
          for (let i = 1; i < n; i++) nodes.push(nodes.at(-1)! - gaps.next().value);
          const step = exponentialStep("data", from, to);
          const moments = nodes.map((_, k) => step.moment(k));
          const weights = interpolationWeights(nodes, moments);
          return moments.every((moment, k) => {
            const got = weights.reduce((sum, w, j) => sum + w * nodes[j]! ** k, 0);
            const scale = weights.reduce((sum, w, j) => sum + Math.abs(w * nodes[j]! ** k), 0);
            return Math.abs(got - moment * factorial(k)) <= 1e-12 * scale;
          });
        },
      ),
      { seed: 3 },
    );
  });

  it("has the right sum in the released vary_coeff corrector, and the exact weights where p is 1", () => {
    const step = exponentialStep("data", from, to);
    const released = releasedVaryCoeffWeights([1, 0, -0.9, -2.1], step);
    expect(released.reduce((a, b) => a + b)).toBeCloseTo(step.moment(0), 14);
    const first = releasedVaryCoeffWeights([1, 0], step);
    const exact = interpolationWeights([1, 0], [step.moment(0), step.moment(1)]);
    for (const [i, weight] of first.entries()) expect(weight).toBeCloseTo(exact[i]!, 14);
  });
});
