import { byName } from "../by-name.js";
import type { MixtureWorld } from "./mixture-world.js";

/** Uneven weights of the eight components of {@link circle8} and {@link grid8}. */
const eightWeights = [0.08, 0.16, 0.1, 0.14, 0.09, 0.17, 0.12, 0.14];

/**
 * Eight Gaussians on a circle in the plane, after Appendix G of the loss-adaptive schedule paper, which does not give
 * its constants; ours are radius 2 and standard deviation 0.2, with which DDIM (η = 1) on a linear-time grid comes
 * near the paper's table.
 */
export const circle8: MixtureWorld = {
  name: "circle8",
  weights: eightWeights,
  means: Array.from({ length: 8 }, (_, k) => [
    2 * Math.cos((k * Math.PI) / 4),
    2 * Math.sin((k * Math.PI) / 4),
  ]),
  stds: Array<number>(8).fill(0.2),
  shape: [2],
};

/** Eight Gaussians on a 3 × 3 grid without its centre, spacing 1.5 (ours) and standard deviation 0.2; see {@link circle8}. */
export const grid8: MixtureWorld = {
  name: "grid8",
  weights: eightWeights,
  means: [-1.5, 0, 1.5]
    .flatMap((y) => [-1.5, 0, 1.5].map((x) => [x, y]))
    .filter(([x, y]) => x !== 0 || y !== 0),
  stds: Array<number>(8).fill(0.2),
  shape: [2],
};

const fivePoints = [-1.62, -0.95, 0.13, 0.48, 1.71];
const fifteenPoints = [
  -2.31, -1.74, -1.52, -1.13, -0.86, -0.52, -0.33, 0.02, 0.21, 0.58, 0.79, 1.16, 1.37, 1.83, 2.2,
];

/**
 * One-dimensional data with mean 0 and variance 1, after Section 6.1 of the entropic-time paper, whose points are
 * random; ours are fixed, with equal weights. Discrete: points. Continuous: Gaussians of standard deviation 0.12
 * (5 components, hardly overlapping) and 0.1 (15, overlapping).
 */
export const discrete5 = standardised("discrete5", fivePoints, 0);
export const discrete15 = standardised("discrete15", fifteenPoints, 0);
export const continuous5 = standardised("continuous5", fivePoints, 0.12);
export const continuous15 = standardised("continuous15", fifteenPoints, 0.1);

/** Every shipped world by name. */
export const worlds: Readonly<Record<string, MixtureWorld>> = byName({
  circle8,
  grid8,
  discrete5,
  discrete15,
  continuous5,
  continuous15,
});

/** Equally weighted components around shifted and scaled points, so that the mixture has mean 0 and variance 1. */
function standardised(name: string, points: readonly number[], std: number): MixtureWorld {
  const mean = points.reduce((sum, point) => sum + point, 0) / points.length;
  const variance = points.reduce((sum, point) => sum + (point - mean) ** 2, 0) / points.length;
  const scale = Math.sqrt((1 - std * std) / variance);
  return {
    name,
    weights: points.map(() => 1 / points.length),
    means: points.map((point) => [(point - mean) * scale]),
    stds: points.map(() => std),
    shape: [1],
  };
}
