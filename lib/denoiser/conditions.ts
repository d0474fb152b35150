import { requireFinite } from "../checks/finite.js";
import { QuenchError } from "../errors.js";
import { fileInside } from "../io/inside.js";
import { type NpyArray, type NpyData, readNpy } from "../io/npy.js";
import { sizeOf } from "../shape.js";
import type { ModelConfig } from "./model-schema.js";

/** What a network is told of every class besides its number, such as the text embedding of a prompt. */
export interface Condition {
  /** rows × size numbers, each of one class; with one row, of all. */
  readonly data: NpyData;
  readonly rows: number;
  /** Shape of one row. */
  readonly shape: readonly number[];
}

/** By the name of the network's input. */
export type Conditions = ReadonlyMap<string, Condition>;

/** JSON pointer into `model.json`. */
export function conditionPointer(input: string): string {
  return `/conditions/${input.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/**
 * Reads the `.npy` files that `model.json` names for further inputs of the network.
 * @throws QuenchError INVALID_MODEL for a file that is missing, outside the folder or not of numbers, MODEL_MISMATCH where
 *   it has neither one row nor one for every class
 */
export async function readConditions(
  folder: string,
  config: Pick<ModelConfig, "conditions" | "classes" | "nullClass">,
): Promise<Conditions> {
  const conditions = new Map<string, Condition>();
  for (const [input, file] of Object.entries(config.conditions ?? {})) {
    const where = conditionPointer(input);
    const path = await fileInside(folder, file, { ...modelFolder, file: `"${file}"`, where });
    conditions.set(input, conditionOf(await readArray(path, where), config, file, where));
  }
  return conditions;
}

const modelFolder = { code: "INVALID_MODEL", folder: "the model's folder" } as const;

async function readArray(path: string, where: string): Promise<NpyArray> {
  try {
    return await readNpy(path);
  } catch (cause) {
    throw new QuenchError("INVALID_MODEL", `${(cause as Error).message} (in ${path})`, { where, cause });
  }
}

function conditionOf(
  { data, shape }: NpyArray,
  { classes = [], nullClass = -1 }: Pick<ModelConfig, "classes" | "nullClass">,
  file: string,
  where: string,
): Condition {
  const [rows = 0, ...rest] = shape;
  const labels = Math.max(classes.length, nullClass + 1);
  if (rows !== 1 && rows !== labels)
    throw new QuenchError(
      "MODEL_MISMATCH",
      labels === 0
        ? `"${file}" has ${rows} rows, one for each class, so model.json must list the classes`
        : `expected ${labels} rows in "${file}", one for each label, or one row for all; it has shape [${shape.join(", ")}]`,
      { where },
    );
  if (data instanceof Float32Array || data instanceof Float64Array)
    requireFinite(data, where, { size: sizeOf(rest), code: "INVALID_MODEL" });
  return { data, rows, shape: rest };
}
