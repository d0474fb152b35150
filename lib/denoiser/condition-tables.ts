import { requireFinite } from "../checks/finite.js";
import { QuenchError } from "../errors.js";
import { fileInside } from "../io/inside.js";
import { type NpyArray, type NpyData, readNpy } from "../io/npy.js";
import { sizeOf } from "../shape.js";
import type { ModelConfig } from "./model-schema.js";

/** What a model knows of a further input of its network. */
export interface ConditionTable {
  /** Shape of one row. */
  readonly shape: readonly number[];
  /** Rows that the model has: one for every label, one for all, or none, where each request must bring its own. */
  readonly rows: number;
  /** rows × size. */
  readonly data: NpyData;
}

/** By the name of the network's input. */
export type ConditionTables = ReadonlyMap<string, ConditionTable>;

/** JSON pointer into `model.json`. */
export function conditionPointer(input: string): string {
  return `/conditions/${input.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/**
 * What `model.json` says of further inputs of the network, with the `.npy` files that it names.
 * @throws QuenchError INVALID_MODEL for a file that is missing, outside the folder or not of numbers, MODEL_MISMATCH
 * where
 *   it has neither one row nor one for every class
 */
export async function readConditions(
  folder: string,
  config: Pick<ModelConfig, "conditions" | "classes" | "nullClass">,
): Promise<ConditionTables> {
  const tables = new Map<string, ConditionTable>();
  for (const [input, given] of Object.entries(config.conditions ?? {})) {
    const where = conditionPointer(input);
    if (typeof given === "object") {
      tables.set(input, { shape: given.shape, rows: 0, data: new Float32Array(0) });
      continue;
    }
    const path = await fileInside(folder, given, { ...modelFolder, file: `"${given}"`, where });
    tables.set(input, tableOf(await readArray(path, where), config, given, where));
  }
  return tables;
}

const modelFolder = { code: "INVALID_MODEL", folder: "the model's folder" } as const;

async function readArray(path: string, where: string): Promise<NpyArray> {
  try {
    return await readNpy(path);
  } catch (cause) {
    throw new QuenchError("INVALID_MODEL", `${(cause as Error).message} (in ${path})`, { where, cause });
  }
}

function tableOf(
  { data, shape }: NpyArray,
  { classes = [], nullClass = -1 }: Pick<ModelConfig, "classes" | "nullClass">,
  file: string,
  where: string,
): ConditionTable {
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
