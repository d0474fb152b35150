// Times of the schedule searches, each the best of five. npm run build:lib first.
import { lossAdaptiveSchedule } from "../../dist/index.js";

const curve = (levels) => {
  const sigma = Array.from({ length: levels }, (_, i) => 0.002 * (80 / 0.002) ** (i / (levels - 1)));
  return { kind: "risk", sigma, risk: sigma.map((s) => (s * s) / (1 + s * s)) };
};
const cases = [
  ["exact, mu = 0, K = 4096, N = 50", 4096, 50, {}],
  ["plain, mu = 0, K = 4096, N = 50", 4096, 50, { search: "plain" }],
  ["exact, p = 2, K = 512, N = 20", 512, 20, { smoothness: 0.1 }],
  ["exact, p = 1.5, K = 512, N = 20", 512, 20, { smoothness: 0.1, exponent: 1.5 }],
  ["beam, p = 2, K = 512, N = 20", 512, 20, { smoothness: 0.1, search: "beam" }],
  ["exact, mu = 0, K = 128, N = 20", 128, 20, {}],
];
for (const [name, levels, steps, options] of cases) {
  const artifact = curve(levels);
  let best = Infinity;
  let bytes = 0;
  for (let i = 0; i < 5; i++) {
    const { search } = await lossAdaptiveSchedule(artifact, steps, { axis: 10, ...options });
    best = Math.min(best, search.milliseconds);
    bytes = search.bytes;
  }
  console.log(
    `${name.padEnd(34)} ${best.toFixed(1).padStart(8)} ms  ${(bytes / 2 ** 20).toFixed(1).padStart(6)} MiB`,
  );
}
