import { constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type NpyArray, readJson, readNpz, writeError, writeFileAtomic, writeNpz } from "../io/index.js";
import { makeFolder } from "../io/make-folder.js";
import type { Replicates } from "../metrics/index.js";
import type { CellRecord } from "./cell.js";
import { jsonHash } from "./json-hash.js";

/** What a finished cell leaves besides its record: per-sample numbers and replicates, by name. */
export type CellArrays = ReadonlyMap<string, NpyArray>;

const recordSchema = z.looseObject({
  format: z.literal("quench-cell"),
  version: z.literal(2),
  key: z.string(),
  metrics: z.record(z.string(), z.looseObject({ value: z.number() })),
});

/** The array that says which record the others belong to: between the writing of the two files a process may end. */
const belongsTo = "record";

/** Finished cells and reference trajectories in a folder. A cell is finished where its two files belong together. */
export class Store {
  private constructor(readonly folder: string) {}

  /** @throws QuenchError WRITE_FAILED where the folder cannot be made or written to */
  static async open(folder: string): Promise<Store> {
    try {
      await makeFolder(join(folder, "cells"));
      await makeFolder(join(folder, "references"));
      for (const inner of [".", "cells", "references"]) await access(join(folder, inner), constants.W_OK);
    } catch (cause) {
      throw writeError(folder, cause);
    }
    return new Store(folder);
  }

  recordPath(key: string): string {
    return join(this.folder, "cells", `${key}.json`);
  }

  arraysPath(key: string): string {
    return join(this.folder, "cells", `${key}.npz`);
  }

  tracePath(key: string): string {
    return join(this.folder, "cells", `${key}.trace.json`);
  }

  referencePath(key: string): string {
    return join(this.folder, "references", `${key}.npz`);
  }

  /** A finished cell; undefined where there is none, or one that cannot be read and is done anew. */
  async read(key: string): Promise<{ record: CellRecord; arrays: CellArrays } | undefined> {
    if (!existsSync(this.recordPath(key))) return undefined;
    try {
      const record = (await readJson(this.recordPath(key), recordSchema)) as unknown as CellRecord;
      const arrays = await readNpz(this.arraysPath(key));
      return arrays.get(belongsTo)?.data[0] === digestOf(record) ? { record, arrays } : undefined;
    } catch {
      return undefined;
    }
  }

  async write(record: CellRecord, arrays: CellArrays): Promise<void> {
    const digest = { data: Float64Array.of(digestOf(record)), shape: [1] };
    await writeNpz(this.arraysPath(record.key), Object.fromEntries([...arrays, [belongsTo, digest]]));
    await writeFileAtomic(this.recordPath(record.key), `${JSON.stringify(record, null, 1)}\n`);
  }
}

/** 48 bits of a hash of a record as its file has it, as a number. */
function digestOf(record: CellRecord): number {
  return Number.parseInt(jsonHash(JSON.parse(JSON.stringify(record))).slice(0, 12), 16);
}

const prefix = "replicates_";

export function replicateArrays(replicates: Readonly<Record<string, Replicates>>): Map<string, NpyArray> {
  return new Map(
    Object.entries(replicates).map(([metric, { replicates: data }]) => [
      `${prefix}${metric}`,
      { data, shape: [data.length] },
    ]),
  );
}

export function replicatesFrom(record: CellRecord, arrays: CellArrays): Record<string, Replicates> {
  return Object.fromEntries(
    Object.entries(record.metrics).flatMap(([metric, { value }]) => {
      const found = arrays.get(`${prefix}${metric}`)?.data;
      return found instanceof Float64Array ? [[metric, { value, replicates: found }]] : [];
    }),
  );
}
