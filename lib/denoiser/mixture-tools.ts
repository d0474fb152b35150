import { requireArgument, requireInteger } from "../errors.js";
import type { Vector } from "../native/index.js";
import type { Level } from "../process/index.js";
import { components, type MixtureWorld } from "./mixture-world.js";

/** Fills an array with independent standard normals. */
export type NormalSource = (out: Float64Array) => void;

/**
 * Draws exact samples of a mixture: rows × size numbers. Each sample takes size + 2 normals from the source, the last
 * two to choose its component: exp(−(a² + b²)/2) is uniform on (0, 1).
 */
export function sampleMixture(world: MixtureWorld, rows: number, normals: NormalSource): Float64Array {
  requireInteger(rows, "rows", { least: 0 });
  const { count, size, logWeights, means, variances, axes } = components(world);
  const samples = new Float64Array(rows * size);
  const draws = new Float64Array(size + 2);
  for (let row = 0; row < rows; row++) {
    normals(draws);
    const uniform = Math.exp(-0.5 * (draws[size]! ** 2 + draws[size + 1]! ** 2));
    let component = 0;
    let passed = Math.exp(logWeights[0]!);
    while (component < count - 1 && uniform > passed) passed += Math.exp(logWeights[++component]!);
    const sample = samples.subarray(row * size, (row + 1) * size);
    sample.set(means.subarray(component * size, (component + 1) * size));
    for (let axis = 0; axis < size; axis++) {
      const deviation =
        Math.sqrt(axes ? axes[component]!.variances[axis]! : variances![component]!) * draws[axis]!;
      if (!axes) sample[axis]! += deviation;
      else
        for (let j = 0; j < size; j++) sample[j]! += deviation * axes[component]!.vectors[axis * size + j]!;
    }
  }
  return samples;
}

/**
 * Log-density, in nats, of x_t = α x_0 + σ ε at each row of `x`; with `level` left out, of the data itself.
 *
 * @throws QuenchError `INVALID_ARGUMENT` where the mixture has no density: point components at σ = 0.
 */
export function logDensity(world: MixtureWorld, x: Vector, level?: NoiseScale): Float64Array {
  const logits = logComponents(world, x, level);
  const count = world.means.length;
  return Float64Array.from({ length: logits.length / count }, (_, row) => {
    const own = logits.subarray(row * count, (row + 1) * count);
    const largest = own.reduce((a, b) => Math.max(a, b), -Infinity);
    return largest + Math.log(own.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
  });
}

export type NoiseScale = Pick<Level, "alpha" | "sigma">;

/** ln(w_k p_k(x)) of each row of `x` and each component: rows × components; what is read and thrown is as in {@link logDensity}. */
export function logComponents(
  world: MixtureWorld,
  x: Vector,
  { alpha, sigma }: NoiseScale = { alpha: 1, sigma: 0 },
): Float64Array {
  const { count, size, logWeights, means, variances, axes } = components(world);
  requireArgument(x.length % size === 0, "x", `expected rows of ${size} numbers, received ${x.length}`);
  const spreads = Array.from({ length: count }, (_, k) =>
    Float64Array.from({ length: size }, (_, axis) => {
      const spread = alpha * alpha * (axes ? axes[k]!.variances[axis]! : variances![k]!) + sigma * sigma;
      requireArgument(spread > 0, "level", "a point component has no density where σ = 0");
      return spread;
    }),
  );
  const norms = spreads.map(
    (spread, k) => logWeights[k]! - 0.5 * spread.reduce((sum, v) => sum + Math.log(2 * Math.PI * v), 0),
  );
  const gap = new Float64Array(size);
  const logits = new Float64Array((x.length / size) * count);
  for (let at = 0; at < logits.length; at++) {
    const [row, k] = [Math.floor(at / count), at % count];
    for (let j = 0; j < size; j++) gap[j] = x[row * size + j]! - alpha * means[k * size + j]!;
    let squares = 0;
    for (let axis = 0; axis < size; axis++) {
      const along = axes ? dot(axes[k]!.vectors, axis * size, gap) : gap[axis]!;
      squares += (along * along) / spreads[k]![axis]!;
    }
    logits[at] = norms[k]! - 0.5 * squares;
  }
  return logits;
}

function dot(matrix: Float64Array, start: number, vector: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < vector.length; j++) sum += matrix[start + j]! * vector[j]!;
  return sum;
}
