import { unzipSync, zipSync } from "fflate";
import { QuenchError } from "../errors.js";
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
  const { maximumBytes = 2 ** 31 } = limits;
  const bytes = await readBounded(path, maximumBytes);
  return decodeNpz(bytes, path, maximumBytes);
}

/** Bytes of a zip's directory that an entry takes at least. */
const leastEntry = 46;

/** Reads `.npz` bytes; errors as in {@link readNpz}, `name` standing for the path. */
export function decodeNpz(bytes: Uint8Array, name = "npz", maximumBytes = 2 ** 31): Map<string, NpyArray> {
  requireBytes(bytes);
  let total = 0;
  let entries = 0;
  const declared = new Map<string, number>();
  try {
    const files = unzipSync(bytes, {
      filter: (entry) => {
        // fflate believes the number of entries, which may be four billion.
        if (++entries * leastEntry > bytes.length)
          throw new Error("it declares more files than it has room for");
        if (!entry.name.endsWith(".npy")) return false;
        if (declared.has(entry.name)) throw new Error(`two arrays are named "${entry.name}"`);
        total += entry.originalSize;
        if (total > maximumBytes)
          throw new Error(`its arrays take more than the limit of ${maximumBytes} bytes`);
        declared.set(entry.name, entry.originalSize);
        return true;
      },
    });
    return new Map(
      Object.entries(files).map(([file, content]) => {
        if (content.length !== declared.get(file))
          throw new Error(`"${file}" has another size than it declares`);
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

/** Writes a `.npz` file, whole or not at all. Throws `WRITE_FAILED`, or `INVALID_ARGUMENT` for what are no arrays. */
export async function writeNpz(path: string, arrays: Named<NpyArray>): Promise<void> {
  await writeFileAtomic(path, encodeNpz(arrays));
}

/** The bytes of a compressed `.npz` file. The same arrays give the same bytes: entries carry no time. */
export function encodeNpz(arrays: Named<NpyArray>): Uint8Array {
  const files = entriesOf(arrays, "arrays").map(([name, array]) => {
    requireNpyArray(array, `arrays.${name}`);
    return [`${name}.npy`, encodeNpy(array)] as const;
  });
  return zipSync(Object.fromEntries(files), { level: 6, mtime: new Date(1980, 0, 1) });
}
