import { defined } from "../defined.js";
import { QuenchError } from "../errors.js";
import { type NpyArray, readNpz, writeNpz } from "../io/index.js";
import { firstNonFinite } from "../native/index.js";
import { requireSameNetwork } from "./check.js";
import type { FeatureStatistics } from "./statistics.js";

export interface ExpectedStatistics {
  /** Features of one sample. */
  readonly dimension?: number;
  /** sha256 of the feature network; checked where the file names its own. */
  readonly network?: string;
}

/**
 * Reads the field's statistics (pytorch-fid, clean-fid, EDM): an .npz with `mu` [d] and `sigma` [d, d]; and, where
 * Quench wrote it, `count` and `network` (the sha256 of the feature network, as bytes).
 *
 * @throws QuenchError INVALID_FILE for missing arrays, other shapes or types, numbers not finite, or a sigma that is no
 *   covariance; MODEL_MISMATCH for another dimension or network than expected
 */
export async function readStatistics(
  path: string,
  expected: ExpectedStatistics = {},
): Promise<FeatureStatistics> {
  const arrays = await readNpz(path);
  const [mu, sigma] = [arrays.get("mu"), arrays.get("sigma")];
  if (!mu || !sigma) {
    throw new QuenchError("INVALID_FILE", `expected the arrays mu and sigma, found ${[...arrays.keys()]}`, {
      where: path,
    });
  }
  const dimension = mu.data.length;
  if (mu.shape.length !== 1 || sigma.shape.length !== 2 || sigma.shape.some((n) => n !== dimension)) {
    throw new QuenchError(
      "INVALID_FILE",
      `expected mu [d] and sigma [d, d], found [${mu.shape}] and [${sigma.shape}]`,
      { where: path },
    );
  }
  if (expected.dimension !== undefined && expected.dimension !== dimension) {
    throw new QuenchError(
      "MODEL_MISMATCH",
      `the statistics are of ${dimension} features, the network gives ${expected.dimension}`,
      { where: path },
    );
  }
  const [mean, covariance] = [float64(mu, path), float64(sigma, path)];
  if (firstNonFinite(mean) >= 0 || firstNonFinite(covariance) >= 0) {
    throw new QuenchError("INVALID_FILE", "its numbers are not all finite", { where: path });
  }
  const wrong = whyNoCovariance(covariance, dimension);
  if (wrong) throw new QuenchError("INVALID_FILE", `sigma is no covariance: ${wrong}`, { where: path });
  const bytes = arrays.get("network")?.data;
  const network = bytes instanceof Uint8Array ? Buffer.from(bytes).toString("hex") : undefined;
  requireSameNetwork(expected.network, network, path);
  const count = Number(arrays.get("count")?.data[0] ?? 0);
  return { mean, covariance, count, ...defined({ network }) };
}

/** The first thing that shows a matrix to be no covariance: a variance below 0, no symmetry, a correlation beyond 1. */
function whyNoCovariance(matrix: Float64Array, dimension: number): string | undefined {
  const at = (i: number, j: number) => matrix[i * dimension + j]!;
  for (let i = 0; i < dimension; i++) {
    if (at(i, i) < 0) return `its diagonal has ${at(i, i)} at ${i}`;
    for (let j = 0; j < i; j++) {
      const most = Math.sqrt(at(i, i) * at(j, j));
      const rounding = 1e-5 * most + Number.MIN_VALUE;
      if (Math.abs(at(i, j) - at(j, i)) > rounding) return `it is not symmetric at [${i}, ${j}]`;
      if (Math.abs(at(i, j)) > most + rounding) return `a correlation beyond 1 at [${i}, ${j}]`;
    }
  }
  return undefined;
}

/** Writes what {@link readStatistics} reads, whole or not at all. Throws `WRITE_FAILED`. */
export async function writeStatistics(path: string, statistics: FeatureStatistics): Promise<void> {
  const { mean, covariance, count, network } = statistics;
  const hash = network === undefined ? undefined : new Uint8Array(Buffer.from(network, "hex"));
  await writeNpz(path, {
    mu: { data: mean, shape: [mean.length] },
    sigma: { data: covariance, shape: [mean.length, mean.length] },
    count: { data: BigInt64Array.of(BigInt(count)), shape: [] },
    ...(hash ? { network: { data: hash, shape: [hash.length] } } : {}),
  });
}

function float64({ data }: NpyArray, path: string): Float64Array {
  if (data instanceof Float64Array) return data;
  if (data instanceof Float32Array) return Float64Array.from(data);
  throw new QuenchError("INVALID_FILE", "expected mu and sigma of float32 or float64", { where: path });
}
