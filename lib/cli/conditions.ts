import { cycled } from "../cycled.js";
import type { Denoiser } from "../denoiser/denoiser.js";
import { type Conditions, isConditionRow } from "../engine/index.js";
import { requireArgument, unknownName } from "../errors.js";
import { readNpy } from "../io/index.js";
import { sizeOf } from "../shape.js";

/** How many rows of a shape an array is: one without a dimension for them. Undefined where it is of other rows. */
function rowsOf(shape: readonly number[], row: readonly number[]): number | undefined {
  const isRow = (dimensions: readonly number[]) =>
    dimensions.length === row.length && dimensions.every((length, i) => length === row[i]);
  if (isRow(shape)) return 1;
  return isRow(shape.slice(1)) ? shape[0] : undefined;
}

/**
 * What `--condition name=file` says: an .npy file of one row for all samples, or of rows that are cycled over them.
 * @throws QuenchError INVALID_ARGUMENT, UNKNOWN_NAME or INVALID_FILE naming the option or the file
 */
export async function readRows(
  given: readonly (readonly [name: string, path: string])[],
  option: string,
  count: number,
  { conditions = {} }: Denoiser,
): Promise<Conditions> {
  const read = given.map(async ([name, path]) => {
    const input = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
    if (!input) throw unknownName("condition", name, Object.keys(conditions), { where: option });
    const { data, shape } = await readNpy(path);
    const size = sizeOf(input.shape);
    const rows = rowsOf(shape, input.shape);
    requireArgument(
      rows !== undefined && rows > 0,
      option,
      `expected an array [${input.shape.join(", ")}] or [n, ${input.shape.join(", ")}] in ${path}, received [${shape.join(", ")}]`,
    );
    const numbers = isConditionRow(data) ? data : Float64Array.from(data, Number);
    const each = Array.from({ length: rows }, (_, i) => numbers.subarray(i * size, (i + 1) * size));
    return [name, rows === 1 ? each[0]! : cycled(each, count)] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
