import { isObject, received } from "../checks/received.js";
import { QuenchError, requireArgument, unknownName } from "../errors.js";
import { sizeOf } from "../shape.js";
import { writeFileAtomic } from "./atomic.js";
import { readBounded } from "./bounded.js";
import { entriesOf, type Named } from "./named.js";
import { requireBytes } from "./require-bytes.js";
import { requireShape } from "./require-shape.js";

/** Element types; half precisions come as their bits. */
const arrayTypes = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

export type SafetensorsType = keyof typeof arrayTypes;

export interface SafeTensor {
  readonly dtype: SafetensorsType;
  readonly shape: readonly number[];
  readonly data: InstanceType<(typeof arrayTypes)[SafetensorsType]>;
}

export interface Safetensors {
  readonly tensors: Map<string, SafeTensor>;
  /** Free text by name, e.g. where the numbers came from. */
  readonly metadata: Readonly<Record<string, string>>;
}

const metadataKey = "__metadata__";
/** The format's own limit. */
const longestHeader = 100_000_000;

/**
 * Reads a safetensors file: eight bytes of length, a JSON header, the data. Every offset is checked before use:
 * in range, as long as its shape says, no overlap and no gap.
 *
 * @throws QuenchError `INVALID_FILE`, `where` the path.
 */
export async function readSafetensors(path: string, maximumBytes = 2 ** 31): Promise<Safetensors> {
  return decodeSafetensors(await readBounded(path, maximumBytes), path);
}

/** Reads safetensors bytes; errors as in {@link readSafetensors}, `name` standing for the path. */
export function decodeSafetensors(bytes: Uint8Array, name = "safetensors"): Safetensors {
  requireBytes(bytes);
  const fail = (message: string): never => {
    throw new QuenchError("INVALID_FILE", message, { where: name });
  };
  if (bytes.length < 8) return fail("not a safetensors file: shorter than its length field");
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > longestHeader || 8 + length > bytes.length)
    return fail(`its header declares ${length} bytes, more than there are`);
  const header = parseObject(bytes.subarray(8, 8 + length)) ?? fail("its header is not a JSON object");
  const content = bytes.subarray(8 + length);

  let metadata: Readonly<Record<string, string>> = {};
  const entries: { key: string; dtype: SafetensorsType; shape: number[]; begin: number; end: number }[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key === metadataKey) {
      if (!isObject(value) || !Object.values(value).every((text) => typeof text === "string"))
        return fail("its __metadata__ is not an object of strings");
      metadata = value as Record<string, string>; // as it is: copied member by member, "__proto__" would be lost
      continue;
    }
    const { dtype, shape, data_offsets: offsets } = isObject(value) ? value : {};
    if (typeof dtype !== "string" || !Object.hasOwn(arrayTypes, dtype))
      return fail(`tensor "${key}" has the unsupported dtype ${received(dtype)}`);
    if (!isIndexes(shape)) return fail(`tensor "${key}" has an invalid shape`);
    if (!isIndexes(offsets) || offsets.length !== 2) return fail(`tensor "${key}" has invalid data_offsets`);
    const [begin, end] = offsets as [number, number];
    const expected = sizeOf(shape) * arrayTypes[dtype as SafetensorsType].BYTES_PER_ELEMENT;
    if (begin > end || end > content.length)
      return fail(`tensor "${key}" lies outside the file: bytes ${begin} to ${end} of ${content.length}`);
    if (end - begin !== expected)
      return fail(`tensor "${key}" has ${end - begin} bytes, its shape needs ${expected}`);
    entries.push({ key, dtype: dtype as SafetensorsType, shape, begin, end });
  }
  let covered = 0;
  for (const { key, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered)
      return fail(
        `tensor "${key}" begins at byte ${begin}, expected ${covered}: tensors must not overlap or leave gaps`,
      );
    covered = end;
  }
  if (covered !== content.length) return fail(`${content.length - covered} bytes belong to no tensor`);

  const tensors = new Map<string, SafeTensor>();
  for (const { key, dtype, shape, begin, end } of entries) {
    // A copy: offsets need not be aligned, and the file's bytes can then be dropped.
    tensors.set(key, {
      dtype,
      shape,
      data: new arrayTypes[dtype](new Uint8Array(content.subarray(begin, end)).buffer),
    });
  }
  return { tensors, metadata };
}

/** Writes a safetensors file, whole or not at all. Throws `WRITE_FAILED`, or as {@link encodeSafetensors}. */
export async function writeSafetensors(
  path: string,
  tensors: Named<SafeTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, encodeSafetensors(tensors, metadata));
}

/**
 * The bytes of a safetensors file, tensors in the order they are given in.
 * @throws QuenchError INVALID_ARGUMENT for what are no tensors, UNKNOWN_NAME for a dtype that is none
 */
export function encodeSafetensors(
  tensors: Named<SafeTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  requireArgument(
    isObject(metadata) && Object.values(metadata).every((text) => typeof text === "string"),
    "metadata",
    "expected an object of texts",
  );
  const entries = entriesOf(tensors, "tensors");
  let end = 0;
  const members = entries.map(([key, tensor]) => {
    requireTensor(tensor, `tensors.${key}`);
    requireArgument(key !== metadataKey, "tensors", `no tensor can be named "${key}": metadata lies there`);
    const { dtype, shape, data } = tensor;
    const begin = end;
    end += data.byteLength;
    return [key, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  const free = Object.keys(metadata).length > 0 ? [[metadataKey, metadata] as const] : [];
  const header = Object.fromEntries<unknown>([...free, ...members]);
  const json = Buffer.from(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  let at = 8 + length;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function requireTensor(tensor: unknown, where: string): asserts tensor is SafeTensor {
  requireArgument(
    isObject(tensor),
    where,
    () => `expected { dtype, shape, data }, received ${received(tensor)}`,
  );
  const { dtype, shape, data } = tensor;
  if (typeof dtype !== "string" || !Object.hasOwn(arrayTypes, dtype))
    throw unknownName("dtype", String(dtype), Object.keys(arrayTypes), { where: `${where}.dtype` });
  const ArrayType = arrayTypes[dtype as SafetensorsType];
  requireArgument(
    data instanceof ArrayType,
    `${where}.data`,
    () => `expected ${ArrayType.name} for ${dtype}, received ${received(data)}`,
  );
  requireShape(shape, `${where}.shape`, (data as SafeTensor["data"]).length);
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isIndexes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
