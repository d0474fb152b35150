import { type FileHandle, open } from "node:fs/promises";
import { byName } from "../by-name.js";
import { isObject, received } from "../checks/received.js";
import { QuenchError, requireArgument, requireInteger } from "../errors.js";
import { sizeOf } from "../shape.js";
import { writeFileAtomic } from "./atomic.js";
import { statFile } from "./regular-file.js";
import { requireBytes } from "./require-bytes.js";
import { requireShape } from "./require-shape.js";

export type NpyData = Float32Array | Float64Array | Uint8Array | Int32Array | BigInt64Array | BigUint64Array;

/** A dense array in C order. */
export interface NpyArray {
  readonly data: NpyData;
  readonly shape: readonly number[];
}

/** An array's dtype and shape, and where its data begins in the file. */
interface NpyHeader {
  readonly ArrayType: ArrayType;
  readonly shape: readonly number[];
  readonly offset: number;
}

type ArrayType =
  | Float32ArrayConstructor
  | Float64ArrayConstructor
  | Uint8ArrayConstructor
  | Int32ArrayConstructor
  | BigInt64ArrayConstructor
  | BigUint64ArrayConstructor;

const types: Readonly<Record<string, ArrayType>> = byName({
  "<f4": Float32Array,
  "<f8": Float64Array,
  "|u1": Uint8Array,
  "<i4": Int32Array,
  "<i8": BigInt64Array,
  "<u8": BigUint64Array,
});
const magic = "\x93NUMPY";
const longestHeader = 1 << 20;

/** A `.npy` file that is read in parts, along its first dimension. */
export interface NpyFile {
  readonly shape: readonly number[];
  /** Bytes of one number. */
  readonly bytesPerElement: number;
  /** Rows [first, first + count) of the first dimension. */
  rows(first: number, count: number): Promise<NpyData>;
  close(): Promise<void>;
}

/**
 * Opens a `.npy` file (version 1 or 2; little-endian f4, f8, i4, i8, u8 or u1; C order). The header is checked against
 * the file's size before memory is taken.
 *
 * @throws QuenchError `INVALID_FILE`, `where` the path.
 */
export async function openNpy(path: string): Promise<NpyFile> {
  const opened = statFile(path).then(() => open(path));
  const file = await opened.catch((cause: Error) => {
    throw new QuenchError("INVALID_FILE", `cannot read the file (${cause.message})`, { where: path, cause });
  });
  try {
    const { size } = await file.stat();
    const start = new Uint8Array(Math.min(size, longestHeader + 12));
    await file.read(start, 0, start.length, 0);
    const { shape, ArrayType, offset } = parseHeader(start, size, path);
    const perRow = sizeOf(shape.slice(1));
    return {
      shape,
      bytesPerElement: ArrayType.BYTES_PER_ELEMENT,
      async rows(first, rows) {
        const count = shape.length === 0 ? 1 : shape[0]!;
        requireInteger(first, "first", { least: 0, most: count });
        requireInteger(rows, "count", { least: 0, most: count - first });
        const data = new ArrayType(rows * perRow);
        await readFully(
          file,
          new Uint8Array(data.buffer),
          offset + first * perRow * data.BYTES_PER_ELEMENT,
          path,
        );
        return data;
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Reads a whole `.npy` file; what is read and thrown is as in {@link openNpy}. */
export async function readNpy(path: string): Promise<NpyArray> {
  const file = await openNpy(path);
  try {
    const { shape } = file;
    return { data: await file.rows(0, shape.length === 0 ? 1 : shape[0]!), shape };
  } finally {
    await file.close();
  }
}

async function readFully(file: FileHandle, into: Uint8Array, position: number, path: string): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const length = Math.min(into.length - done, 1 << 30);
    const { bytesRead } = await file.read(into, done, length, position + done);
    if (bytesRead === 0) throw new QuenchError("INVALID_FILE", "the file ended early", { where: path });
    done += bytesRead;
  }
}

/** Reads `.npy` bytes; errors as in {@link readNpy}, `name` standing for the path. */
export function decodeNpy(bytes: Uint8Array, name = "npy"): NpyArray {
  requireBytes(bytes);
  const header = parseHeader(bytes, bytes.length, name);
  const data = new header.ArrayType(sizeOf(header.shape));
  new Uint8Array(data.buffer).set(bytes.subarray(header.offset));
  return { data, shape: header.shape };
}

/** Writes a `.npy` file, whole or not at all. Throws `WRITE_FAILED`, or `INVALID_ARGUMENT` for a wrong shape. */
export async function writeNpy(path: string, array: NpyArray): Promise<void> {
  await writeFileAtomic(path, encodeNpy(array));
}

/** The bytes of a version 1 `.npy` file. Throws `INVALID_ARGUMENT` for what is no array. */
export function encodeNpy(array: NpyArray): Uint8Array {
  requireNpyArray(array);
  const { data, shape } = array;
  const descr = Object.keys(types).find((name) => data instanceof types[name]!)!;
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // The data begins at a multiple of 64 bytes, as NumPy writes it.
  const padded = `${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(10 + padded.length + data.byteLength);
  bytes.set(Buffer.from(`${magic}\x01\x00`, "latin1"));
  new DataView(bytes.buffer).setUint16(8, padded.length, true);
  bytes.set(Buffer.from(padded, "latin1"), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + padded.length);
  return bytes;
}

/** @throws QuenchError INVALID_ARGUMENT, `where` naming the member that is wrong */
export function requireNpyArray(array: unknown, where = "array"): asserts array is NpyArray {
  requireArgument(
    isObject(array) && !ArrayBuffer.isView(array), // numbers alone, their shape in another argument
    where,
    () => `expected { data, shape }, received ${received(array)}`,
  );
  const { data, shape } = array;
  requireArgument(
    Object.values(types).some((ArrayType) => data instanceof ArrayType),
    `${where}.data`,
    () =>
      `expected one of ${Object.values(types)
        .map(({ name }) => name)
        .join(", ")}, received ${received(data)}`,
  );
  requireShape(shape, `${where}.shape`, (data as NpyData).length);
}

/** Parses the header by patterns, never by evaluation, and compares what it declares with the file's size. */
function parseHeader(start: Uint8Array, fileSize: number, path: string): NpyHeader {
  const fail = (message: string): never => {
    throw new QuenchError("INVALID_FILE", message, { where: path });
  };
  const latin = (from: number, to: number) =>
    Buffer.from(start.buffer, start.byteOffset + from, to - from).toString("latin1");
  if (start.length < 12 || latin(0, 6) !== magic) return fail("not a .npy file");
  const version = start[6]!;
  if (version !== 1 && version !== 2) return fail(`.npy version ${version} is not supported, only 1 and 2`);
  const view = new DataView(start.buffer, start.byteOffset);
  const lengthBytes = version === 1 ? 2 : 4;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const offset = 8 + lengthBytes + length;
  if (length > longestHeader || offset > fileSize)
    return fail(`its header declares a length of ${length} bytes, more than there is`);
  const text = latin(8 + lengthBytes, offset);

  const member = (key: string, value: string) =>
    new RegExp(`^\\s*\\{(?:.*,)?\\s*['"]${key}['"]\\s*:\\s*${value}\\s*[,}]`, "s").exec(text)?.[1];
  const descr = member("descr", `['"]([^'"]*)['"]`) ?? fail("its header has no dtype");
  const order = member("fortran_order", "(True|False)") ?? fail("its header has no order");
  const tuple = member("shape", "\\(([\\d\\s,L]*)\\)") ?? fail("its header has no shape");
  const ArrayType = types[descr] ?? types[descr.replace("<u1", "|u1")];
  if (ArrayType === undefined)
    return fail(`dtype "${descr}" is not supported, only ${Object.keys(types).join(", ")}`);
  const shape = tuple
    .split(",")
    .map((part) => part.trim().replace(/L$/, ""))
    .filter((part) => part !== "")
    .map(Number);
  if (!shape.every(Number.isSafeInteger)) return fail(`its shape (${tuple}) is not one of integers`);
  if (order === "True" && shape.filter((length) => length !== 1).length > 1)
    return fail("Fortran order is not supported; save it in C order");
  const expected = sizeOf(shape) * ArrayType.BYTES_PER_ELEMENT;
  if (expected !== fileSize - offset) {
    return fail(
      `its header declares ${expected} bytes of data for (${tuple.trim()}) ${descr}, the file holds ${fileSize - offset}`,
    );
  }
  return { ArrayType, shape, offset };
}
