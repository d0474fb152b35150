import { absoluteQuantile, combine, gram, normals } from "../../native/index.js";
import { median } from "../spread.js";
import { interleaved } from "./interleaved.js";

/** Microseconds of a call that has next to nothing to do: reading the arguments, checking them, coming back. */
export function callMicroseconds(): Record<string, number> {
  const [out, a, b, c] = Array.from({ length: 4 }, () => new Float32Array(4)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const sums = new Float64Array(6);
  const one = BigUint64Array.of(1n);
  const quantile = new Float64Array(1);
  const calls: Record<string, () => void> = {
    "combine, 3 terms": () =>
      combine(out, [
        [0.5, a],
        [0.3, b],
        [-0.2, c],
      ]),
    "combine, 6 terms": () =>
      combine(out, [
        [0.5, a],
        [0.3, b],
        [-0.2, c],
        [0.5, a],
        [0.3, b],
        [-0.2, c],
      ]),
    "gram of 3": () => gram(sums, [a, b, c]),
    normals: () => normals(out, one, one, 0),
    quantile: () => absoluteQuantile(quantile, a, 0.5, 1),
  };
  const arms = Object.entries(calls).map(([name, run]) => ({ name, run }));
  // Before it is compiled, a function is slower than it will ever be again.
  for (const { run } of arms) for (let i = 0; i < 20_000; i++) run();
  const times = interleaved(arms, 15, 2);
  return Object.fromEntries([...times].map(([{ name }, rounds]) => [name, 1000 * median(rounds)]));
}
