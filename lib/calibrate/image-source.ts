import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { requireFinite } from "../checks/finite.js";
import { requireVector } from "../checks/require-vector.js";
import { defined } from "../defined.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { numbersHash } from "../denoiser/samples-hash.js";
import { QuenchError, requireArgument } from "../errors.js";
import { readBounded } from "../io/bounded.js";
import { decodePng, type NpyArray, type NpyData, openNpy, readNpz } from "../io/index.js";
import { imageShape } from "../io/png.js";
import type { Vector } from "../native/index.js";
import { sizeOf } from "../shape.js";
import { classLabels } from "./class-labels.js";
import { requireInRange } from "./value-range.js";

/** Clean images, read a few at a time. */
export interface ImageSource {
  /** For the artifact: what these images are. */
  readonly description: string;
  readonly count: number;
  /** Class of every image. */
  readonly labels?: Int32Array;
  /** Tells one state of the images from another, so that sums of different images are never mixed. */
  readonly fingerprint?: string;
  /** Images [first, first + count), each of the model's shape, in its value range. */
  read(first: number, count: number, signal?: AbortSignal): Promise<Vector>;
  close?(): Promise<void>;
}

/** What of a model says how its images look. */
export type ModelShape = Pick<Denoiser, "shape" | "valueRange">;

/** Images that lie in memory: rows × size numbers in the model's value range. */
export function imagesInMemory(
  data: Vector,
  size: number,
  description: string,
  labels?: Int32Array,
): ImageSource {
  requireVector(data, "data");
  requireArgument(
    data.length > 0 && data.length % size === 0,
    "data",
    `expected rows of ${size} numbers, received ${data.length}`,
  );
  requireFinite(data, "data", { size });
  return {
    description,
    fingerprint: numbersHash(data),
    count: data.length / size,
    ...defined({ labels }),
    read: async (first, count) => data.subarray(first * size, (first + count) * size),
  };
}

/**
 * Opens images for a model: a `.npy` file (read in parts), a `.npz` file (its array "images", "samples", "x" or
 * "data", and "labels" where it has one; read whole), or a folder of PNG files (one at a time, in order of name).
 * Arrays are [n, ...shape of a sample]; a channel dimension of 1 may be left out. Bytes 0…255 are stretched over the
 * model's value range, floats are taken as they are and must lie in it.
 *
 * @throws QuenchError INVALID_FILE naming the path
 */
export async function openImages(path: string, model: ModelShape): Promise<ImageSource> {
  const found = await stat(path).catch((cause: Error) => {
    throw new QuenchError("INVALID_FILE", `cannot read it (${cause.message})`, { where: path, cause });
  });
  const fingerprint = `${basename(path)}:${found.size}:${found.mtimeMs}`;
  if (found.isDirectory()) return pngFolder(path, model, fingerprint);
  if (extname(path) === ".npy") return npyImages(path, model, fingerprint);
  if (extname(path) === ".npz") return npzImages(path, model, fingerprint);
  throw new QuenchError("INVALID_FILE", "expected a .npy file, a .npz file or a folder of PNG files", {
    where: path,
  });
}

async function npyImages(path: string, model: ModelShape, fingerprint: string): Promise<ImageSource> {
  const file = await openNpy(path);
  try {
    const toRange = converter(path, file.shape, model);
    return {
      description: basename(path),
      fingerprint,
      count: file.shape[0]!,
      read: async (first, count) => toRange(await file.rows(first, count), first),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function npzImages(path: string, model: ModelShape, fingerprint: string): Promise<ImageSource> {
  const arrays = await readNpz(path);
  const key = ["images", "samples", "x", "data"].find((candidate) => arrays.has(candidate));
  if (key === undefined) {
    throw new QuenchError(
      "INVALID_FILE",
      `expected an array "images", "samples", "x" or "data", found ${[...arrays.keys()].join(", ")}`,
      { where: path },
    );
  }
  const { data, shape } = arrays.get(key)!;
  const labels = arrays.get("labels");
  const toRange = converter(path, shape, model);
  const size = data.length / shape[0]!;
  return {
    description: basename(path),
    fingerprint,
    count: shape[0]!,
    ...(labels ? { labels: labelsOf(labels, shape[0]!, path) } : {}),
    read: async (first, count) => toRange(data.subarray(first * size, (first + count) * size), first),
  };
}

/** One for each image: a hot one among zeros would pass for classes 0 and 1. */
function labelsOf({ data, shape }: NpyArray, count: number, path: string): Int32Array {
  if (shape[0] === count && data.length === count) return classLabels(data, path);
  throw new QuenchError(
    "INVALID_FILE",
    `expected labels [${count}], one per image, received [${shape.join(", ")}]`,
    { where: path },
  );
}

/** Checks an array's shape; turns its numbers into the model's. */
function converter(
  path: string,
  [count, ...rest]: readonly number[],
  { shape, valueRange: known }: ModelShape,
): (data: NpyData, first: number) => Vector {
  const squeezed = (dimensions: readonly number[]) => dimensions.filter((length) => length !== 1).join("×");
  if (count === undefined || count < 1 || squeezed(rest) !== squeezed(shape)) {
    throw new QuenchError(
      "INVALID_FILE",
      `expected an array [n, ${shape.join(", ")}], received [${[count, ...rest].join(", ")}]`,
      { where: path },
    );
  }
  const size = sizeOf(shape);
  return (data, first) => {
    if (data instanceof Uint8Array) return fromBytes(data, known ?? [-1, 1]);
    if (data instanceof Float32Array || data instanceof Float64Array) {
      requireFinite(data, path, { size, first, code: "INVALID_FILE" });
      if (known) requireInRange(data, known, path, first);
      return data;
    }
    throw new QuenchError("INVALID_FILE", "expected images as bytes, float32 or float64", { where: path });
  };
}

function fromBytes(bytes: Uint8Array, [low, high]: readonly [number, number]): Float32Array {
  return Float32Array.from(bytes, (byte) => low + ((high - low) * byte) / 255);
}

/** Eight bytes for each pixel that is read at most. */
const largestPng = 2 ** 29;

async function pngFolder(folder: string, model: ModelShape, fingerprint: string): Promise<ImageSource> {
  const names = (await readdir(folder)).filter((name) => /\.png$/i.test(name)).sort();
  if (names.length === 0) {
    throw new QuenchError("INVALID_FILE", "there is no PNG file in this folder", { where: folder });
  }
  const { shape, valueRange = [-1, 1] } = model;
  const expected = imageShape(shape);
  if (!expected) {
    throw new QuenchError(
      "INVALID_FILE",
      `samples of shape [${shape.join(", ")}] are no images: give them as .npy or .npz`,
      { where: folder },
    );
  }
  const { channels, height, width } = expected;
  const size = sizeOf(shape);
  const readOne = async (name: string): Promise<Uint8Array> => {
    const path = join(folder, name);
    const image = decodePng(await readBounded(path, largestPng), path);
    const fits =
      image.width === width &&
      image.height === height &&
      (image.channels === channels || (image.channels === 1 && channels === 3));
    if (!fits) {
      throw new QuenchError(
        "INVALID_FILE",
        `expected ${width}×${height} with ${channels} channels, received ${image.width}×${image.height} with ${image.channels}`,
        { where: path },
      );
    }
    // Interleaved pixels become planes; grey is the same in all.
    const plane = height * width;
    return Uint8Array.from(
      { length: size },
      (_, j) =>
        image.data[(j % plane) * image.channels + (image.channels === 1 ? 0 : Math.floor(j / plane))]!,
    );
  };
  return {
    description: `${basename(folder)}, ${names.length} PNG files`,
    fingerprint: `${fingerprint}:${names.length}`,
    count: names.length,
    async read(first, count) {
      const data = new Float32Array(count * size);
      for (let i = 0; i < count; i++)
        data.set(fromBytes(await readOne(names[first + i]!), valueRange), i * size);
      return data;
    },
  };
}
