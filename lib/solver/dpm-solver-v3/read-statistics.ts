import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { QuenchError } from "../../errors.js";
import { decodeNpz, decodeSafetensors } from "../../io/index.js";
import { requireRegular } from "../../io/regular-file.js";
import type { ModelStatistics } from "./model-statistics.js";

interface Table {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

/**
 * Reads statistics: a `.npz` or `.safetensors` file with l, s and b (nodes × shape of a sample) and perhaps lambda, or
 * a folder as the authors publish them, with l.npz and sb.npz. The latest file is kept, so that many requests read
 * it once.
 * @throws QuenchError INVALID_FILE naming the path and the array
 */
export function readStatistics(path: string): ModelStatistics {
  const stamp = changedAt(path);
  if (latest?.path !== path || latest.stamp !== stamp) latest = { path, stamp, statistics: read(path) };
  return latest.statistics;
}

let latest: { path: string; stamp: string; statistics: ModelStatistics } | undefined;

function changedAt(path: string): string {
  try {
    const files = statSync(path).isDirectory() ? [join(path, "l.npz"), join(path, "sb.npz")] : [path];
    for (const file of files) requireRegular(statSync(file));
    return files.map((file) => `${statSync(file).mtimeMs} ${statSync(file).size}`).join(" ");
  } catch (cause) {
    const expected = existsSync(path) ? "a folder with l.npz and sb.npz" : "a file";
    throw new QuenchError("INVALID_FILE", `expected ${expected} (${(cause as Error).message})`, {
      where: path,
      cause,
    });
  }
}

function read(path: string): ModelStatistics {
  const tables = statSync(path).isDirectory()
    ? new Map([...readTables(join(path, "l.npz")), ...readTables(join(path, "sb.npz"))])
    : readTables(path);
  const fail = (message: string): never => {
    throw new QuenchError("INVALID_FILE", message, { where: path });
  };
  const shape = tables.get("l")?.shape ?? fail(`has no array "l"`);
  const nodes = shape[0] ?? 0;
  if (nodes < 2) fail(`array "l" has ${nodes} nodes, expected at least 2`);
  const numbers = (name: string, expected: readonly number[]): Float64Array => {
    const table = tables.get(name) ?? fail(`has no array "${name}"`);
    if (table.shape.join() !== expected.join())
      fail(`array "${name}" has shape [${table.shape}], expected [${expected}]`);
    const values = Float64Array.from(table.data as ArrayLike<number>, Number);
    if (!values.every(Number.isFinite)) fail(`array "${name}" holds NaN or infinity`);
    return values;
  };
  return {
    nodes,
    ...(tables.has("lambda") && { lambda: numbers("lambda", [nodes]) }),
    l: numbers("l", shape),
    s: numbers("s", shape),
    b: numbers("b", shape),
  };
}

function readTables(path: string): ReadonlyMap<string, Table> {
  const bytes = readFileSync(path);
  if (!path.endsWith(".safetensors")) return decodeNpz(bytes, path);
  const { tensors } = decodeSafetensors(bytes, path);
  for (const [name, { dtype }] of tensors) {
    if (dtype !== "F32" && dtype !== "F64")
      throw new QuenchError("INVALID_FILE", `array "${name}" has dtype ${dtype}, expected F32 or F64`, {
        where: path,
      });
  }
  return tensors;
}
