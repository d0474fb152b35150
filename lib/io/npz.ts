import { crc32 } from "node:zlib";
import { unzipSync, zipSync } from "fflate";
import { requireKnownOptions } from "../checks/known-options.js";
import { received } from "../checks/received.js";
import { QuenchError, requireArgument } from "../errors.js";
import { writeFileAtomic } from "./atomic.js";
import { readBounded } from "./bounded.js";
import { entriesOf, type Named } from "./named.js";
import { decodeNpy, encodeNpy, type NpyArray, requireNpyArray } from "./npy.js";
import { requireBytes } from "./require-bytes.js";

export interface NpzLimits {
  /** Largest total size of the arrays, in bytes, as declared and as unpacked. Default 2 GiB. */
  readonly maximumBytes?: number;
}

/**
 * Reads a `.npz` file: its arrays by name. Declared sizes are summed before anything is unpacked, and unpacking never
 * goes beyond them.
 *
 * @throws QuenchError `INVALID_FILE`, `where` the path.
 */
export async function readNpz(path: string, limits: NpzLimits = {}): Promise<Map<string, NpyArray>> {
  requireKnownOptions<NpzLimits>(limits, { maximumBytes: true });
  const { maximumBytes = 2 ** 31 } = limits;
  const bytes = await readBounded(path, maximumBytes);
  return decodeNpz(bytes, path, maximumBytes);
}

/** Reads `.npz` bytes; errors as in {@link readNpz}, `name` standing for the path. */
export function decodeNpz(bytes: Uint8Array, name = "npz", maximumBytes = 2 ** 31): Map<string, NpyArray> {
  requireBytes(bytes);
  let total = 0;
  let packed = 0;
  let entries = 0;
  const declared = new Map<string, { readonly size: number; readonly index: number }>();
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        const index = entries++;
        // A directory may say that it has billions of entries, and its entries may lie on one another.
        packed += size;
        if (entries * directoryEntry > bytes.length || packed > bytes.length)
          throw new Error("it lists more than there is");
        if (!name.endsWith(".npy")) return false;
        if (declared.has(name)) throw new Error(`two arrays are named "${name}"`);
        total += originalSize;
        if (total > maximumBytes)
          throw new Error(`its arrays take more than the limit of ${maximumBytes} bytes`);
        if (originalSize > size * mostPacked) throw new Error(`"${name}" has another size than it declares`);
        declared.set(name, { size: originalSize, index });
        return true;
      },
    });
    const sums = checksums(bytes);
    return new Map(
      Object.entries(files).map(([file, content]) => {
        const { size, index } = declared.get(file)!;
        if (content.length !== size) throw new Error(`"${file}" has another size than it declares`);
        if (crc32(content) !== sums(index)) throw new Error(`"${file}" is not what its checksum says`);
        return [file.slice(0, -4), decodeNpy(content, `${name}/${file}`)] as const;
      }),
    );
  } catch (cause) {
    if (cause instanceof QuenchError) throw cause;
    throw new QuenchError("INVALID_FILE", `not a valid .npz file (${(cause as Error).message})`, {
      where: name,
      cause,
    });
  }
}

/** Fewest bytes of an entry in the directory at the file's end. */
const directoryEntry = 46;
/** More than this no byte of DEFLATE unpacks to. */
const mostPacked = 1032;

/** The CRC-32 that the directory has of an entry, asked for in rising order: fflate looks at none. */
function checksums(bytes: Uint8Array): (index: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = (offset: number) => view.getUint32(offset, true);
  let end = bytes.length - 22;
  while (at(end) !== 0x06054b50) end--;
  // A file of ZIP64 says elsewhere where its directory begins.
  const large = end >= 20 && at(end - 20) === 0x07064b50 && at(at(end - 12)) === 0x06064b50;
  let offset = large ? at(at(end - 12) + 48) : at(end + 16);
  let next = 0;
  return (index) => {
    for (; next < index; next++) {
      const [name, extra, comment] = [28, 30, 32].map((member) => view.getUint16(offset + member, true));
      offset += directoryEntry + name! + extra! + comment!;
    }
    return at(offset + 16);
  };
}

/** Writes a `.npz` file, whole or not at all. Throws `WRITE_FAILED`, or `INVALID_ARGUMENT` for what are no arrays. */
export async function writeNpz(path: string, arrays: Named<NpyArray>): Promise<void> {
  await writeFileAtomic(path, encodeNpz(arrays));
}

/** What a ZIP file without its 64-bit extension can count and measure. */
const mostEntries = 2 ** 16 - 1;
const longestName = 2 ** 16 - 1;

/** The bytes of a compressed `.npz` file. The same arrays give the same bytes: entries carry no time. */
export function encodeNpz(arrays: Named<NpyArray>): Uint8Array {
  const entries = entriesOf(arrays, "arrays");
  requireArgument(
    entries.length <= mostEntries,
    "arrays",
    () => `expected at most ${mostEntries} arrays, received ${entries.length}`,
  );
  const files = entries.map(([name, array]) => {
    const bytes = Buffer.from(`${name}.npy`);
    requireArgument(
      bytes.length <= longestName && bytes.toString() === `${name}.npy`,
      "arrays",
      () => `expected names of at most ${longestName} bytes of UTF-8, received ${received(name)}`,
    );
    requireNpyArray(array, `arrays.${name}`);
    return [`${name}.npy`, encodeNpy(array)] as const;
  });
  return zipSync(Object.fromEntries(files), { level: 6, mtime: new Date(1980, 0, 1) });
}
