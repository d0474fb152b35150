import { QuenchError } from "../errors.js";
import type { NpyData } from "../io/index.js";

/**
 * The classes in an array of a file. Shares of classes would otherwise pass for classes 0 and 1, and what no 32 bits hold
 * for another class.
 * @throws QuenchError INVALID_FILE naming the file
 */
export function classLabels(data: NpyData, path: string): Int32Array {
  const values = Array.from(data as ArrayLike<number | bigint>, Number);
  const bad = values.findIndex((value) => value !== (value | 0));
  if (bad < 0) return Int32Array.from(values);
  throw new QuenchError("INVALID_FILE", `expected whole numbers, received ${values[bad]} for image ${bad}`, {
    where: path,
  });
}
