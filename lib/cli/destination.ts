import { constants } from "node:fs";
import { access, lstat, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import type { Draw } from "../engine/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import { moveToNew } from "../io/atomic.js";
import { encodeNpy, encodeNpz, encodePng, imageGrid, writeError, writeFileAtomic } from "../io/index.js";
import { imageShape } from "../io/png.js";
import { sizeOf } from "../shape.js";

export type DestinationKind = "png" | "npy" | "npz" | "folder";

/** What is written besides the samples, where the format has room for it. */
export interface DrawnFrom {
  readonly valueRange: readonly [number, number];
  readonly columns: number | undefined;
  readonly labels: readonly number[] | undefined;
  /** Seed of each sample, and its number within that seed. */
  readonly seeds: readonly bigint[];
  readonly samples: readonly bigint[];
}

/** Where samples go. */
export interface Destination {
  readonly path: string;
  readonly kind: DestinationKind;
  /** Whether what is there, or comes there before the samples do, is written over. */
  readonly force: boolean;
}

/**
 * Finds out, before any model call, whether samples can be written to a path.
 * @throws QuenchError INVALID_ARGUMENT for an unknown format or a path that exists, WRITE_FAILED where the folder it
 * lies in is missing or cannot be written
 */
export async function openDestination(path: string, force: boolean): Promise<Destination> {
  const kind = kindOf(path);
  await requireRoom(path, kind === "folder", force);
  return { path, kind, force };
}

/** What a command writes to a file of its own, and the option that names the file. */
export interface OwnFormat {
  readonly option: "--out" | "--plot";
  readonly extensions: readonly string[];
}

/** Artifacts and records. A name without an ending is taken as it is. */
export const jsonFormat: OwnFormat = { option: "--out", extensions: [".json", ""] };

/**
 * The same for a file of a command's own format.
 * @returns what writes it, all or nothing; without `force` never over a file that has come there since
 */
export async function openDestinationFile(
  path: string,
  force: boolean,
  { option, extensions }: OwnFormat,
): Promise<(content: Uint8Array | string) => Promise<void>> {
  const extension = extname(path).toLowerCase();
  if (!extensions.includes(extension))
    throw unknownExtension(option, extension, extensions.filter((known) => known !== "").join(" or "));
  await requireRoom(path, false, force);
  return (content) => writeFileAtomic(path, content, { replace: force });
}

/**
 * For commands that write a folder of their own files.
 * @throws QuenchError INVALID_ARGUMENT for "-", and for a name that is a file's: with an ending that is no number, and
 * no slash behind it
 */
export function requireFolderName(path: string): void {
  requireArgument(
    path !== "-" && (path.endsWith("/") || !/^\.[a-z]/i.test(extname(path))),
    "--out",
    `expected the name of a folder, received "${path}"`,
  );
}

/** Where a command keeps what it has found so far, beside the file that it will write. */
export function checkpointBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.checkpoint`);
}

async function requireRoom(path: string, isFolder: boolean, force: boolean): Promise<void> {
  requireArgument(path !== "-", "-", "nothing is written to stdout: name a file (./- for one of that name)");
  const full = resolve(path);
  const existing = await stat(full).catch(() => undefined);
  if (!existing && (await lstat(full).catch(() => undefined))?.isSymbolicLink())
    throw new QuenchError("WRITE_FAILED", "is a link to what does not exist", { where: path });
  const folder = existing?.isDirectory() && isFolder ? full : dirname(full);
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw writeError(path, cause);
  }
  if (existing && existing.isDirectory() !== isFolder) {
    const what = existing.isDirectory() ? "is a folder" : "is a file, not a folder";
    throw new QuenchError("WRITE_FAILED", what, { where: path });
  }
  if (existing && !isFolder && !existing.isFile())
    throw new QuenchError("WRITE_FAILED", "is a device or the like, not a file", { where: path });
  const occupied = existing && (!isFolder || (await readdir(full)).length > 0);
  if (occupied && !force) {
    const what = isFolder ? "the folder is not empty" : "the file exists";
    throw new QuenchError("INVALID_ARGUMENT", `${what}; --force overwrites`, { where: path });
  }
}

function kindOf(path: string): DestinationKind {
  const extension = extname(path).toLowerCase();
  if (extension === ".png" || extension === ".npy" || extension === ".npz")
    return extension.slice(1) as DestinationKind;
  if (extension === "" || path.endsWith("/")) return "folder";
  throw unknownExtension("--out", extension, ".png, .npy, .npz or a folder");
}

function unknownExtension(where: string, extension: string, expected: string): QuenchError {
  return new QuenchError("INVALID_ARGUMENT", `cannot write "${extension}"; expected ${expected}`, { where });
}

/** @throws QuenchError INVALID_ARGUMENT where samples of this shape are no images and the destination wants images */
export function requireWritable({ kind }: Destination, shape: readonly number[]): void {
  if (kind === "npy" || kind === "npz") return;
  requireArgument(
    imageShape(shape) !== undefined,
    "--out",
    `samples of shape [${shape.join(", ")}] are no images: write them to .npy or .npz`,
  );
}

/**
 * Writes the samples, all or nothing.
 * @returns the files written, in sample order
 * @throws QuenchError WRITE_FAILED
 */
export async function writeSamples(
  { path, kind, force }: Destination,
  { data, shape, times }: Draw,
  from: DrawnFrom,
): Promise<string[]> {
  const sampleShape = shape.slice(1);
  if (kind === "folder") return writeFolder(path, data, sampleShape, from, force);
  const write = (bytes: Uint8Array) => writeFileAtomic(path, bytes, { replace: force });
  if (kind === "npy") await write(encodeNpy({ data, shape }));
  if (kind === "npz") {
    const count = shape[0]!;
    const arrays = encodeNpz({
      samples: { data, shape },
      seeds: { data: BigUint64Array.from(from.seeds), shape: [count] },
      sample_numbers: { data: BigUint64Array.from(from.samples), shape: [count] },
      times: { data: Float64Array.from(times), shape: [times.length] },
      ...(from.labels ? { labels: { data: Int32Array.from(from.labels), shape: [count] } } : {}),
    });
    await write(arrays);
  }
  if (kind === "png") {
    await write(encodePng(imageGrid(data, sampleShape, from.valueRange, from.columns)));
  }
  return [path];
}

/**
 * One PNG each, made in a hidden folder and moved when all are whole. It lies in the destination where that exists,
 * which may be a file system of its own, in a folder where nobody may write.
 */
async function writeFolder(
  path: string,
  data: Draw["data"],
  shape: readonly number[],
  { valueRange }: DrawnFrom,
  force: boolean,
): Promise<string[]> {
  const full = resolve(path);
  const size = sizeOf(shape);
  const count = data.length / size;
  const digits = Math.max(4, String(count - 1).length);
  const names = Array.from({ length: count }, (_, i) => `${String(i).padStart(digits, "0")}.png`);
  let hidden: string | undefined;
  try {
    const exists = await stat(full).catch(() => undefined);
    hidden = await mkdtemp(join(exists ? full : dirname(full), `.${basename(full)}.`));
    for (const [i, name] of names.entries()) {
      const image = imageGrid(data.subarray(i * size, (i + 1) * size), shape, valueRange);
      await writeFileAtomic(join(hidden, name), encodePng(image));
    }
    await mkdir(full, { recursive: true });
    const move = force ? rename : moveToNew;
    for (const name of names) await move(join(hidden, name), join(full, name));
  } catch (cause) {
    // The error of the hidden folder's file speaks of a path that nobody asked for.
    throw writeError(path, cause instanceof QuenchError ? cause.cause : cause);
  } finally {
    if (hidden) await rm(hidden, { recursive: true, force: true });
  }
  return names.map((name) => join(path, name));
}
