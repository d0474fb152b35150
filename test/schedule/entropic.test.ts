import { describe, expect, it } from "vitest";
import { edmLevels } from "../../lib/calibrate/risk-plan.js";
import { edm, flow, type Process, scaledSigma, vpDiscrete, vpLinear } from "../../lib/process/index.js";
import { gaussianScale, gridMaker, type RiskArtifact, riskCurve } from "../../lib/schedule/index.js";
import { gaussianRisk, geometric, random } from "./support.js";

const names = ["entropic", "rescaled-entropic", "spectral-entropic"] as const;
const levels = edmLevels(0.002, 80, 128);

function sigmas(process: Process, schedule: string, risk: RiskArtifact, steps: number, options = {}) {
  const grid = gridMaker(process, { schedule, risk, ...options })(steps);
  return grid.levels.map(scaledSigma);
}

/** A curve with a spectrum of two frequencies, one of large and one of small deviation. */
function twoFrequencies(sigma: readonly number[]): RiskArtifact {
  const [coarse, fine] = [gaussianRisk(sigma, 3), gaussianRisk(sigma, 0.2)];
  return {
    kind: "risk",
    sigma: [...sigma],
    risk: coarse.risk.map((r, i) => r + fine.risk[i]!),
    spectrum: {
      frequencies: [1, 1, 2],
      multiplicity: [1, 1],
      amplitude: [2, 1],
      variance: [9, 0.04],
      squaredError: coarse.risk.map((r, i) => [r, fine.risk[i]!]),
    },
  };
}

describe("Gaussian data", () => {
  it.each([0.5, 1, 4])("rescaled entropic time is arctan spacing, c = %d", (c) => {
    const steps = 12;
    const found = sigmas(edm(), "rescaled-entropic", gaussianRisk(levels, c), steps);
    const [high, low] = [Math.atan(80 / c), Math.atan(0.002 / c)];
    found.forEach((sigma, k) => {
      const expected = high + ((low - high) * k) / steps;
      expect(Math.abs(Math.atan(sigma / c) - expected)).toBeLessThan(1e-6);
    });
  });

  it("gaussian-optimal finds c, whatever the number of dimensions", () => {
    expect(gaussianScale(riskCurve(gaussianRisk(levels, 0.7, 100)))).toBeCloseTo(0.7, 6);
    const found = sigmas(edm(), "gaussian-optimal", gaussianRisk(levels, 0.7, 100), 9);
    const exact = gridMaker(edm(), { schedule: "gaussian-optimal", sigmaData: 0.7 })(9).levels;
    found.forEach((sigma, k) => {
      expect(sigma).toBeCloseTo(exact[k]!.t, 5);
    });
  });

  it("entropic time is the mutual information ½ ln(1 + c²/σ²)", () => {
    const found = sigmas(edm(), "entropic", gaussianRisk(levels, 1), 8);
    const information = found.map((sigma) => 0.5 * Math.log1p(sigma ** -2));
    const total = information.at(-1)! - information[0]!;
    information.forEach((value, k) => {
      expect(Math.abs((value - information[0]!) / total - k / 8)).toBeLessThan(1e-6);
    });
  });

  it("the paper's left sum comes near, not as near", () => {
    const exact = sigmas(edm(), "rescaled-entropic", gaussianRisk(levels, 1), 8);
    const left = sigmas(edm(), "rescaled-entropic", gaussianRisk(levels, 1), 8, { quadrature: "left" });
    const gaps = exact.slice(1, -1).map((sigma, k) => Math.abs(Math.log(left[k + 1]! / sigma)));
    expect(Math.max(...gaps)).toBeLessThan(0.2);
    expect(Math.max(...gaps)).toBeGreaterThan(1e-3);
  });
});

describe("whatever time a process is written in (ETS Theorem 5.2)", () => {
  const range = { sigmaMin: 0.01, sigmaMax: 50 };
  const processes: readonly Process[] = [
    edm(),
    vpLinear({ tEnd: 1e-5 }),
    vpLinear({ betaMin: 0.5, betaMax: 12, tStart: 1, timeScale: 1000, tEnd: 1e-6 }),
    vpDiscrete(),
    flow({ tStart: 0.999, tEnd: 1e-4 }),
  ];
  it.each(names)("%s", (name) => {
    const artifact = twoFrequencies(levels);
    const expected = sigmas(processes[0]!, name, artifact, 10, range);
    for (const process of processes) {
      const found = sigmas(process, name, artifact, 10, range);
      found.forEach((sigma, k) => {
        expect(Math.abs(sigma / expected[k]! - 1)).toBeLessThan(1e-8);
      });
    }
  });
});

describe("spectral time", () => {
  it("is rescaled time where all frequencies are alike", () => {
    const one = gaussianRisk(levels, 1);
    const artifact: RiskArtifact = {
      ...one,
      risk: one.risk.map((r) => 4 * r),
      spectrum: {
        frequencies: [1, 2, 2],
        multiplicity: [1, 1, 1, 1],
        amplitude: [5, 1, 1, 0.1],
        variance: [1, 1, 1, 1],
        squaredError: one.risk.map((r) => [r, r, r, r]),
      },
    };
    const spectral = sigmas(edm(), "spectral-entropic", artifact, 7);
    sigmas(edm(), "rescaled-entropic", artifact, 7).forEach((sigma, k) => {
      expect(spectral[k]! / sigma).toBeCloseTo(1, 9);
    });
  });

  it("averages each frequency's own time by amplitude", () => {
    const artifact = twoFrequencies(levels);
    const timeOf = (c: number, sigma: number) =>
      (Math.atan(sigma / c) - Math.atan(0.002 / c)) / (Math.atan(80 / c) - Math.atan(0.002 / c));
    sigmas(edm(), "spectral-entropic", artifact, 6).forEach((sigma, k) => {
      const phi = (2 * timeOf(3, sigma) + 1 * timeOf(0.2, sigma)) / 3;
      expect(Math.abs(phi - (1 - k / 6))).toBeLessThan(1e-3);
    });
  });

  it("needs a spectrum", () => {
    const make = () => gridMaker(edm(), { schedule: "spectral-entropic", risk: gaussianRisk(levels, 1) });
    expect(make).toThrow(/--spectral/);
  });
});

describe("noisy curves", () => {
  it.each(names)("%s has strictly falling nodes and exact ends", (name) => {
    for (let seed = 1; seed <= 5; seed++) {
      const draw = random(seed);
      const exact = twoFrequencies(levels);
      const rough = (r: number) => r * 10 ** (2 * draw() - 1) * (draw() < 0.1 ? 0 : 1);
      const risk = exact.risk.map(rough);
      const squaredError = exact.spectrum!.squaredError.map((row) => row.map(rough));
      const noisy = { ...exact, risk, spectrum: { ...exact.spectrum!, squaredError } };
      for (const options of [{}, { monotone: true }, { quadrature: "left" }]) {
        for (const steps of [1, 2, 10, 200]) {
          const found = sigmas(edm(), name, noisy, steps, options);
          expect([found[0], found.at(-1)]).toEqual([80, 0.002]);
          found.slice(1).forEach((sigma, k) => {
            expect(sigma).toBeLessThan(found[k]!);
          });
        }
      }
    }
  });

  it("monotone is isotonic regression, weighted by the standard errors", () => {
    const artifact: RiskArtifact = {
      kind: "risk",
      sigma: [1, 2, 3, 4],
      risk: [1, 4, 2, 5],
      standardError: [1, 1, 0.5, 1],
    };
    const { risk } = riskCurve(artifact, { monotone: true });
    expect(risk[1]).toBeCloseTo((4 + 4 * 2) / 5, 12);
    expect(risk).toEqual([1, risk[1], risk[1], 5]);
  });

  it("passes through the measured levels, and beyond them stays or falls as sigma squared", () => {
    const curve = riskCurve(gaussianRisk(geometric(0.1, 10, 20), 1));
    curve.sigma.forEach((sigma, i) => {
      expect(curve.at(sigma) / curve.risk[i]!).toBeCloseTo(1, 10);
    });
    expect(curve.at(100)).toBeCloseTo(curve.risk.at(-1)!, 10);
    expect(curve.at(0.01)).toBeCloseTo(curve.risk[0]! / 100, 10);
  });
});

it("a curve may have more levels than a call has arguments", () => {
  const { sigma, at } = riskCurve(gaussianRisk(geometric(0.01, 100, 200_000), 1));
  expect(sigma).toHaveLength(200_000);
  expect(at(1)).toBeCloseTo(0.5, 9);
});
