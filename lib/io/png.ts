import { decode, encode } from "fast-png";
import { isObject, received } from "../checks/received.js";
import { QuenchError, requireArgument, requireInteger } from "../errors.js";
import type { Vector } from "../native/index.js";
import { plainPng } from "./png-chunks.js";
import { requireBytes } from "./require-bytes.js";

/** An 8-bit image, rows from the top, channels interleaved. */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 red-green-blue. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** The bytes of a PNG file. Throws `INVALID_ARGUMENT` for what is no image. */
export function encodePng(image: Image): Uint8Array {
  requireImage(image);
  const { width, height, channels, data } = image;
  return encode({ width, height, channels, depth: 8, data });
}

/** @throws QuenchError INVALID_ARGUMENT, `where` naming the member that is wrong */
export function requireImage(image: unknown): asserts image is Image {
  requireArgument(
    isObject(image),
    "image",
    () => `expected { width, height, channels, data }, received ${received(image)}`,
  );
  const { width, height, channels, data } = image;
  requireInteger(width, "width");
  requireInteger(height, "height");
  requireArgument(
    channels === 1 || channels === 3,
    "channels",
    () => `expected 1 or 3, received ${received(channels)}`,
  );
  requireArgument(
    data instanceof Uint8Array || data instanceof Uint8ClampedArray,
    "data",
    () => `expected bytes, received ${received(data)}`,
  );
  const expected = width * height * channels;
  requireArgument(
    data.length === expected,
    "data",
    () => `expected ${expected} bytes, received ${data.length}`,
  );
}

/**
 * Reads a PNG of any depth as an 8-bit grey or colour image; transparency is dropped. The size in the header is looked
 * at before anything is unpacked, and no more is unpacked than an image of that size has.
 *
 * @throws QuenchError `INVALID_FILE`, `where` the name.
 */
export function decodePng(bytes: Uint8Array, name = "png", maximumPixels = 2 ** 26): Image {
  requireBytes(bytes);
  const fail = (message: string, cause?: unknown): never => {
    throw new QuenchError("INVALID_FILE", message, { where: name, cause });
  };
  const png = (() => {
    try {
      return decode(plainPng(bytes, maximumPixels), { checkCrc: true });
    } catch (cause) {
      return fail(`not a valid PNG file (${(cause as Error).message})`, cause);
    }
  })();
  const { width, height, depth, palette } = png;
  const stored = png.channels;
  const channels = palette !== undefined || stored >= 3 ? 3 : 1;
  const valueAt = unpacked(png.data, width * stored, depth);
  const scale = 255 / (2 ** depth - 1);
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        const value = valueAt(y, x * stored + (palette ? 0 : channel));
        if (palette && value >= palette.length)
          fail(`colour ${value} is not in the palette of ${palette.length}`);
        data[at++] = palette ? palette[value]![channel]! : Math.round(value * scale);
      }
    }
  }
  return { width, height, channels, data };
}

/** Reads the n-th value of a line, whose values may be packed several to a byte. */
function unpacked(
  data: ArrayLike<number>,
  perLine: number,
  depth: number,
): (line: number, n: number) => number {
  if (depth >= 8) return (line, n) => data[line * perLine + n]!;
  const lineBytes = Math.ceil((perLine * depth) / 8);
  const perByte = 8 / depth;
  return (line, n) =>
    (data[line * lineBytes + Math.floor(n / perByte)]! >> (8 - depth * ((n % perByte) + 1))) &
    (2 ** depth - 1);
}

/** What a shape [C, H, W] with C = 1 or 3, or [H, W], is as an image; undefined for any other. */
export function imageShape(shape: readonly number[]): Omit<Image, "data"> | undefined {
  const [channels, height, width] = shape.length === 2 ? [1, ...shape] : shape;
  if (shape.length > 3 || height === undefined || width === undefined) return undefined;
  return channels === 1 || channels === 3 ? { channels, height, width } : undefined;
}

/**
 * One picture of many samples in reading order, `columns` of them per row, the rest of the last row black.
 *
 * @param samples n × C × H × W numbers; values outside `valueRange` are clamped, NaN is black.
 * @param shape [C, H, W] with C = 1 or 3, or [H, W].
 * @throws QuenchError `INVALID_ARGUMENT` for a shape that is no image or a length that does not fit it.
 */
export function imageGrid(
  samples: Vector,
  shape: readonly number[],
  valueRange: readonly [number, number] = [-1, 1],
  columns?: number,
): Image {
  requireArgument(
    Array.isArray(samples) || ArrayBuffer.isView(samples),
    "samples",
    () => `expected an array of numbers, received ${received(samples)}`,
  );
  const image =
    Array.isArray(shape) && shape.every((length) => Number.isInteger(length) && length > 0)
      ? imageShape(shape)
      : undefined;
  requireArgument(
    image !== undefined,
    "shape",
    () =>
      `expected [1 or 3, height, width], received ${Array.isArray(shape) ? `[${shape.join(", ")}]` : received(shape)}`,
  );
  const { channels, height, width } = image;
  const size = channels * height * width;
  const count = samples.length / size;
  requireArgument(
    Number.isInteger(count) && count > 0,
    "samples",
    `expected images of ${size} numbers, received ${samples.length}`,
  );
  const across = columns ?? Math.ceil(Math.sqrt(count));
  requireInteger(across, "columns");

  requireArgument(
    Array.isArray(valueRange),
    "valueRange",
    () => `expected [low, high] with low < high, received ${received(valueRange)}`,
  );
  const [low, high] = valueRange;
  requireArgument(
    Number.isFinite(low) && Number.isFinite(high) && low < high,
    "valueRange",
    () => `expected [low, high] with low < high, received [${low}, ${high}]`,
  );
  const scale = 255 / (high - low);
  const gridWidth = Math.min(across, count) * width;
  const gridHeight = Math.ceil(count / across) * height;
  // Storing to a clamped array rounds to the nearest integer and turns NaN into 0.
  const data = new Uint8ClampedArray(gridWidth * gridHeight * channels);
  for (let n = 0, at = 0; n < count; n++) {
    const left = (n % across) * width;
    const top = Math.floor(n / across) * height;
    for (let channel = 0; channel < channels; channel++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          data[((top + y) * gridWidth + left + x) * channels + channel] = (samples[at++]! - low) * scale;
        }
      }
    }
  }
  return {
    width: gridWidth,
    height: gridHeight,
    channels,
    data: new Uint8Array(data.buffer),
  };
}
