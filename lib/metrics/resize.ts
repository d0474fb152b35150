/** How an image is brought to another size. */
export type ResizeMethod = "bilinear" | "bilinear-corner" | "bicubic-antialias";

/** One output place: weights of the input places from `first` on. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Resizes one plane of numbers, rows first, by two passes in float64.
 *
 * - "bilinear": centres of pixels on (i + ½) · scale − ½, two taps, no antialiasing: torch's
 *   F.interpolate(align_corners=False).
 * - "bilinear-corner": on i · scale, two taps: TensorFlow 1's resize_bilinear, with which the first FID was measured.
 * - "bicubic-antialias": Pillow's BICUBIC (a = −½) on floats, which widens the kernel when it shrinks: "clean-fid".
 */
export function resizePlane(
  plane: ArrayLike<number>,
  [height, width]: readonly [number, number],
  [toHeight, toWidth]: readonly [number, number],
  method: ResizeMethod,
): Float64Array {
  const across = taps(width, toWidth, method);
  const narrowed = new Float64Array(height * toWidth);
  for (let row = 0; row < height; row++) {
    for (let x = 0; x < toWidth; x++) {
      const { first, weights } = across[x]!;
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * plane[row * width + first + k]!;
      narrowed[row * toWidth + x] = sum;
    }
  }
  const down = taps(height, toHeight, method);
  const resized = new Float64Array(toHeight * toWidth);
  for (let y = 0; y < toHeight; y++) {
    const { first, weights } = down[y]!;
    for (let k = 0; k < weights.length; k++) {
      const [weight, from] = [weights[k]!, (first + k) * toWidth];
      for (let x = 0; x < toWidth; x++) resized[y * toWidth + x]! += weight * narrowed[from + x]!;
    }
  }
  return resized;
}

function taps(from: number, to: number, method: ResizeMethod): Taps[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    if (method === "bicubic-antialias") return pillowTaps((i + 0.5) * scale, Math.max(scale, 1), from);
    const place = Math.max(method === "bilinear" ? (i + 0.5) * scale - 0.5 : i * scale, 0);
    const first = Math.min(Math.floor(place), from - 1);
    const part = place - first;
    return first + 1 < from ? { first, weights: [1 - part, part] } : { first, weights: [1] };
  });
}

/** Pillow's precompute_coeffs: the cubic over ±2 pixels, or ±2 · scale, cut at the borders and normalised. */
function pillowTaps(centre: number, scale: number, from: number): Taps {
  const first = Math.max(Math.trunc(centre - 2 * scale + 0.5), 0);
  const end = Math.min(Math.trunc(centre + 2 * scale + 0.5), from);
  const weights = Array.from({ length: end - first }, (_, k) => cubic((k + first - centre + 0.5) / scale));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { first, weights: weights.map((weight) => weight / total) };
}

/** Keys' cubic with a = −½. */
function cubic(x: number): number {
  const [a, t] = [-0.5, Math.abs(x)];
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}
