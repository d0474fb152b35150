// How far the paper's beam-and-window search (LAS Algorithm 2) is from the optimum, which the second-order search finds.
import { lossAdaptiveSchedule } from "../../../dist/index.js";
import { mean } from "../../../dist/metrics/mean.js";
import { saveResults } from "../common.mjs";
import { uniform } from "./support.mjs";

const levels = 128;
const sigma = Array.from({ length: levels }, (_, i) => 0.002 * (80 / 0.002) ** (i / (levels - 1)));
const random = uniform(1);
const families = {
  "Gaussian s²/(1+s²)": () => sigma.map((s) => (s * s) / (1 + s * s)),
  "two scales": () => sigma.map((s) => (9 * s * s) / (9 + s * s) + (0.01 * s * s) / (0.01 + s * s)),
  "steps (discrete data)": () =>
    sigma.map((s) => Math.exp(-((0.3 / s) ** 2)) + 4 * Math.exp(-((3 / s) ** 2)) + 1e-9),
  "Gaussian, 10% noise": () => sigma.map((s) => ((s * s) / (1 + s * s)) * (1 + 0.2 * (random() - 0.5))),
  random: () => sigma.map(random),
};
const beams = { "8, 8, 16": [8, 8, 16], "2, 4, 4": [2, 4, 4], "32, 16, 32": [32, 16, 32] };
const rows = [];
for (const [family, make] of Object.entries(families)) {
  for (const smoothness of [0.01, 1]) {
    for (const [title, [width, radius, globals]] of Object.entries(beams)) {
      const gaps = [];
      for (const steps of [5, 10, 20]) {
        for (const exponent of [1, 2, 3]) {
          const artifact = { kind: "risk", sigma, risk: make() };
          const options = { smoothness, exponent, axis: 10 };
          const exact = await lossAdaptiveSchedule(artifact, steps, options);
          const beam = await lossAdaptiveSchedule(artifact, steps, {
            ...options,
            search: "beam",
            beam: { width, radius, globals },
          });
          gaps.push(beam.objective / exact.objective - 1);
        }
      }
      rows.push({
        family,
        smoothness,
        beam: title,
        mean: mean(gaps),
        largest: Math.max(...gaps),
        problems: gaps.length,
      });
      console.log(family, smoothness, title, mean(gaps).toExponential(2), Math.max(...gaps).toExponential(2));
    }
  }
}
saveResults("beam-gap", { levels, rows });
