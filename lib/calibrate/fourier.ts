import FFT from "fft.js";

/** A discrete Fourier transform of interleaved complex numbers, in place, without normalisation. */
type Transform = (values: Float64Array) => void;

/** Any length: powers of two directly, others by Bluestein's chirp in the next power of two of twice the length. */
function transformOf(length: number): Transform {
  if (length === 1) return () => {};
  if ((length & (length - 1)) === 0) {
    const fft = new FFT(length);
    const out = new Float64Array(2 * length);
    return (values) => {
      fft.transform(out, values);
      values.set(out);
    };
  }
  // X_k = conj(w_k) Σ_j x_j conj(w_j) w_{k−j} with w_j = exp(iπ j²/n): a convolution.
  const padded = 2 ** Math.ceil(Math.log2(2 * length - 1));
  const inner = transformOf(padded);
  const chirp = new Float64Array(2 * length);
  const kernel = new Float64Array(2 * padded);
  for (let j = 0; j < length; j++) {
    // j² modulo 2n: the angle stays small, and exact.
    const angle = (Math.PI * ((j * j) % (2 * length))) / length;
    const [real, imaginary] = [Math.cos(angle), Math.sin(angle)];
    chirp.set([real, imaginary], 2 * j);
    kernel.set([real, imaginary], 2 * j);
    if (j > 0) kernel.set([real, imaginary], 2 * (padded - j));
  }
  inner(kernel);
  const work = new Float64Array(2 * padded);
  /** a_j b_j, or a_j conj(b_j). */
  const multiply = (a: Float64Array, b: Float64Array, count: number, sign: 1 | -1) => {
    for (let at = 0; at < 2 * count; at += 2) {
      const [ar, ai, br, bi] = [a[at]!, a[at + 1]!, b[at]!, sign * b[at + 1]!];
      a[at] = ar * br - ai * bi;
      a[at + 1] = ar * bi + ai * br;
    }
  };
  const conjugate = (a: Float64Array) => {
    for (let at = 1; at < a.length; at += 2) a[at] = -a[at]!;
  };
  return (values) => {
    work.fill(0);
    work.set(values);
    multiply(work, chirp, length, -1);
    inner(work);
    multiply(work, kernel, padded, 1);
    // The inverse transform is the conjugate of the transform of the conjugate, divided by the length.
    conjugate(work);
    inner(work);
    conjugate(work);
    multiply(work, chirp, length, -1);
    for (let at = 0; at < values.length; at++) values[at] = work[at]! / padded;
  };
}

/** The orthonormal two-dimensional DFT of real images of one size. */
export interface ImageSpectrum {
  /** Kept frequencies: height × (⌊width/2⌋ + 1), row by row; the others are conjugates of these. */
  readonly frequencies: readonly [height: number, columns: number];
  /** How many entries of the whole DFT each kept one stands for: 1 or 2. */
  readonly multiplicity: readonly number[];
  /** Interleaved complex values of the image that begins at an offset; overwritten by the next call. */
  transform(image: ArrayLike<number>, offset: number): Float64Array;
}

export function imageSpectrum(height: number, width: number): ImageSpectrum {
  const columns = Math.floor(width / 2) + 1;
  const [alongRow, alongColumn] = [transformOf(width), transformOf(height)];
  const row = new Float64Array(2 * width);
  const column = new Float64Array(2 * height);
  const result = new Float64Array(2 * height * columns);
  const scale = 1 / Math.sqrt(height * width);
  const alone = (v: number) => v === 0 || 2 * v === width;
  return {
    frequencies: [height, columns],
    multiplicity: Array.from({ length: height * columns }, (_, f) => (alone(f % columns) ? 1 : 2)),
    transform(image, offset) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          row[2 * x] = image[offset + y * width + x]! * scale;
          row[2 * x + 1] = 0;
        }
        alongRow(row);
        result.set(row.subarray(0, 2 * columns), 2 * y * columns);
      }
      for (let v = 0; v < columns; v++) {
        for (let y = 0; y < height; y++) {
          column[2 * y] = result[2 * (y * columns + v)]!;
          column[2 * y + 1] = result[2 * (y * columns + v) + 1]!;
        }
        alongColumn(column);
        for (let y = 0; y < height; y++) {
          result[2 * (y * columns + v)] = column[2 * y]!;
          result[2 * (y * columns + v) + 1] = column[2 * y + 1]!;
        }
      }
      return result;
    },
  };
}
