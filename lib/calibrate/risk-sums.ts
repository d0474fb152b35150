import { z } from "zod";
import { parseJsonFile, writeFileAtomic } from "../io/index.js";
import { warnDiscarded } from "../io/kept-work.js";
import type { RiskSpectrum } from "../schedule/index.js";
import type { ImageSpectrum } from "./fourier.js";

const numbers = z.array(z.number());

/**
 * What a measurement has gathered so far. Each level goes through the images in their order, so the sums do not
 * depend on how many are looked at together, nor on where a measurement was stopped and taken up again.
 */
const sumsSchema = z.strictObject({
  /** Images seen at each level. */
  images: z.array(z.int().nonnegative()),
  /** Running mean of the squared error and of its squared deviations (Welford). */
  mean: numbers,
  deviations: numbers,
  /** Images whose own statistics are in. */
  dataImages: z.int().nonnegative(),
  dataMean: numbers,
  dataDeviations: z.number(),
  spectrum: z
    .strictObject({
      /** Σ |F(x_0)_f|, Σ |F(x_0)_f|², and Σ F(x_0)_f, complex. */
      amplitude: numbers,
      power: numbers,
      field: numbers,
      /** Σ |F(x_0 − m)_f|², per level. */
      errors: z.array(numbers),
    })
    .optional(),
});
export type RiskSums = z.output<typeof sumsSchema>;

export function emptySums(levels: number, size: number, frequencies: number | undefined): RiskSums {
  const zeros = (length: number) => new Array<number>(length).fill(0);
  return {
    images: zeros(levels),
    mean: zeros(levels),
    deviations: zeros(levels),
    dataImages: 0,
    dataMean: zeros(size),
    dataDeviations: 0,
    ...(frequencies === undefined
      ? {}
      : {
          spectrum: {
            amplitude: zeros(frequencies),
            power: zeros(frequencies),
            field: zeros(2 * frequencies),
            errors: Array.from({ length: levels }, () => zeros(frequencies)),
          },
        }),
  };
}

export function addError(sums: RiskSums, level: number, error: number): void {
  const count = ++sums.images[level]!;
  const gap = error - sums.mean[level]!;
  sums.mean[level]! += gap / count;
  sums.deviations[level]! += gap * (error - sums.mean[level]!);
}

/** Adds one clean image to the statistics of the data. */
export function addImage(
  sums: RiskSums,
  image: ArrayLike<number>,
  offset: number,
  transform: ImageSpectrum | undefined,
) {
  const count = ++sums.dataImages;
  const { dataMean, spectrum } = sums;
  for (let j = 0; j < dataMean.length; j++) {
    const gap = image[offset + j]! - dataMean[j]!;
    dataMean[j]! += gap / count;
    sums.dataDeviations += gap * (image[offset + j]! - dataMean[j]!);
  }
  if (!spectrum || !transform) return;
  eachChannel(transform, image, offset, dataMean.length, (f, real, imaginary) => {
    const power = real * real + imaginary * imaginary;
    spectrum.amplitude[f]! += Math.sqrt(power);
    spectrum.power[f]! += power;
    spectrum.field[2 * f]! += real;
    spectrum.field[2 * f + 1]! += imaginary;
  });
}

/** Adds the spectrum of one image's error at a level. */
export function addErrorSpectrum(
  errors: number[],
  difference: ArrayLike<number>,
  offset: number,
  size: number,
  transform: ImageSpectrum,
) {
  eachChannel(transform, difference, offset, size, (f, real, imaginary) => {
    errors[f]! += real * real + imaginary * imaginary;
  });
}

function eachChannel(
  { transform, frequencies: [height, columns], multiplicity }: ImageSpectrum,
  image: ArrayLike<number>,
  offset: number,
  size: number,
  visit: (f: number, real: number, imaginary: number) => void,
) {
  const perChannel = height * columns;
  const pixels = multiplicity.reduce((a, b) => a + b, 0);
  for (let channel = 0; channel * pixels < size; channel++) {
    const values = transform(image, offset + channel * pixels);
    for (let f = 0; f < perChannel; f++) visit(channel * perChannel + f, values[2 * f]!, values[2 * f + 1]!);
  }
}

/** The spectrum's part of the artifact; seven digits are more than are known. */
export function spectrumOf(
  { spectrum, dataImages, images }: RiskSums,
  { frequencies: [height, columns], multiplicity }: ImageSpectrum,
): RiskSpectrum {
  const { amplitude, power, field, errors } = spectrum!;
  const channels = amplitude.length / (height * columns);
  const short = (value: number) => Number(value.toPrecision(7));
  return {
    frequencies: [channels, height, columns],
    multiplicity: Array.from({ length: channels }, () => multiplicity).flat(),
    amplitude: amplitude.map((sum) => short(sum / dataImages)),
    variance: power.map((sum, f) => {
      const mean = (field[2 * f]! ** 2 + field[2 * f + 1]! ** 2) / dataImages ** 2;
      return short(Math.max(sum / dataImages - mean, 0));
    }),
    squaredError: errors.map((row, level) => row.map((sum) => short(sum / images[level]!))),
  };
}

const checkpointSchema = z.strictObject({
  kind: z.literal("risk-checkpoint"),
  /** What is measured, with which settings; sums of anything else are of no use. */
  measurement: z.string(),
  sums: sumsSchema,
});
const largestCheckpoint = 2 ** 30;

/** The sums that an earlier run of the same measurement left behind, if it did. */
export async function loadCheckpoint(path: string, measurement: string): Promise<RiskSums | undefined> {
  const value = await parseJsonFile(path, { maximumBytes: largestCheckpoint }).catch(() => undefined);
  const read = checkpointSchema.safeParse(value);
  if (read.success && read.data.measurement === measurement) return read.data.sums;
  if (value !== undefined) warnDiscarded(path);
  return undefined;
}

export async function saveCheckpoint(path: string, measurement: string, sums: RiskSums): Promise<void> {
  await writeFileAtomic(path, JSON.stringify({ kind: "risk-checkpoint", measurement, sums }));
}
