import { describe, expect, it } from "vitest";
import {
  imagesInMemory,
  type LossCurve,
  type LossWeighting,
  measureRisk,
  riskFromLoss,
} from "../../lib/calibrate/index.js";
import { gaussianMixture } from "../../lib/denoiser/index.js";
import { normals } from "../../lib/native/index.js";
import { edm, type Process, vpLinear } from "../../lib/process/index.js";

const world = {
  weights: [0.3, 0.7],
  means: [
    [-1, 0.5],
    [1, 0],
  ],
  stds: [0.2, 0.4],
  shape: [2],
}; // prettier-ignore
const rows = 6000;
const clean = (() => {
  const z = new Float64Array(3 * rows);
  normals(z, BigUint64Array.of(1n), BigUint64Array.of(0n), 1);
  return Float64Array.from({ length: 2 * rows }, (_, at) => {
    const row = at >> 1;
    const k = z[2 * rows + row]! < -0.5244 ? 0 : 1;
    return world.means[k]![at & 1]! + world.stds[k]! * z[at]!;
  });
})();

/** The training loss itself, at one level, as a trainer would measure it. */
async function trainingLoss(process: Process, weighting: LossWeighting, sigma: number): Promise<number> {
  const prediction = { epsilon: "epsilon", x0: "sample", v: "v", edm: "sample" }[weighting] as "epsilon";
  const model = gaussianMixture({ ...world, process, prediction });
  const level = process.atLambda(-Math.log(sigma));
  const noise = new Float64Array(2 * rows);
  normals(noise, BigUint64Array.of(2n), BigUint64Array.of(0n), 0);
  const input = clean.map((x, at) => level.alpha * x + level.sigma * noise[at]!);
  const output = new Float64Array(2 * rows);
  await model.evaluate({ rows, input, output, levels: Array(rows).fill(level), labels: undefined });
  const weight = weighting === "edm" ? (sigma ** 2 + 0.5 ** 2) / (sigma * 0.5) ** 2 : 1;
  const targetAt = (at: number) => {
    if (weighting === "epsilon") return noise[at]!;
    return weighting === "v" ? level.alpha * noise[at]! - level.sigma * clean[at]! : clean[at]!;
  };
  return (weight * output.reduce((sum, value, at) => sum + (value - targetAt(at)) ** 2, 0)) / rows;
}

describe("a training loss per level", () => {
  it.each(["epsilon", "x0", "v", "edm"] as const)(
    "%s is the risk that the calibrator measures",
    async (weighting) => {
      const process = weighting === "edm" ? edm({ sigmaMin: 0.05, sigmaMax: 5 }) : vpLinear();
      const sigma = [0.05, 0.3, 1, 4];
      const loss = await Promise.all(sigma.map((s) => trainingLoss(process, weighting, s)));
      const imported = riskFromLoss({ kind: "loss", weighting, sigma, loss });
      const model = gaussianMixture({ ...world, process });
      for (const [i, level] of sigma.entries()) {
        const range = { sigmaMin: level, sigmaMax: level * 1.01, levels: 2 };
        const measured = await measureRisk(model, imagesInMemory(clean, 2, "rows"), range);
        const gap = Math.abs(imported.risk[i]! - measured.risk[0]!);
        expect(gap).toBeLessThan(4 * Math.SQRT2 * measured.standardError![0]!);
        // Another weighting would be far off at some level.
        expect(gap / measured.risk[0]!).toBeLessThan(0.15);
      }
    },
  );

  it("a mean over elements needs their number", () => {
    const curve: LossCurve = {
      kind: "loss",
      weighting: "x0",
      sigma: [1, 2],
      loss: [0.5, 1],
      reduction: "mean",
    };
    expect(() => riskFromLoss(curve)).toThrow(/elements/);
    expect(riskFromLoss({ ...curve, elements: 10 }).risk).toEqual([5, 10]);
    expect(() => riskFromLoss({ ...curve, loss: [1], elements: 10 })).toThrow(/loss: expected 2/);
  });

  it.each<[string, Partial<LossCurve>, string]>([
    ["falling levels", { sigma: [2, 1] }, "loss.sigma.1"],
    ["an unknown weighting", { weighting: "x" as never }, "curve.weighting"],
    ["no levels", { sigma: undefined as never }, "curve.sigma"],
    ["no loss at all", { loss: [0, 0] }, "loss.risk"],
    ["a risk that is infinite", { weighting: "epsilon", sigma: [1, 1e200] }, "loss.risk.1"],
  ])("%s are no risk curve", (_, wrong, where) => {
    const curve: LossCurve = { kind: "loss", weighting: "x0", sigma: [1, 2], loss: [0.5, 1] };
    expect(() => riskFromLoss({ ...curve, ...wrong })).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", where }),
    );
  });
});
