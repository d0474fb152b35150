import { appendFile, readFile } from "node:fs/promises";
import { z } from "zod";
import { writeError, writeFileAtomic } from "../io/index.js";
import { warnDiscarded } from "../io/kept-work.js";

const recordSchema = z.strictObject({
  key: z.string(),
  rows: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
  value: z.unknown(),
});
type Record = z.output<typeof recordSchema>;

/** What a piece of work found, and the model rows it took. */
export interface Outcome<Value> {
  readonly rows: number;
  readonly value: Value;
}

/**
 * What a search has found so far, in a checkpoint of one JSON line each, so that a killed search goes on where it was:
 * the same search asks for the same pieces of work in the same order, and those that are known are not done again.
 * What they cost counts all the same.
 */
export class Work {
  #rows = 0;
  #seconds = 0;
  readonly #counted = new Set<string>();

  private constructor(
    readonly path: string | undefined,
    readonly known: Map<string, Record>,
    readonly onRows: (rows: number) => void,
  ) {}

  /**
   * @param path none: nothing is kept
   * @param identity what is searched, with which settings; the work of any other search is of no use
   * @throws QuenchError WRITE_FAILED
   */
  static async open(
    path: string | undefined,
    identity: string,
    onRows: (rows: number) => void = () => {},
  ): Promise<Work> {
    const records = path === undefined ? [] : await recordsOf(path, identity);
    if (path !== undefined) {
      // Without the line that a kill may have torn.
      await writeFileAtomic(
        path,
        [{ identity }, ...records].map((line) => `${JSON.stringify(line)}\n`).join(""),
      );
    }
    return new Work(path, new Map(records.map((record) => [record.key, record])), onRows);
  }

  /** Model rows that everything asked for took, whenever it was done. */
  get rows(): number {
    return this.#rows;
  }

  /** Seconds likewise. */
  get seconds(): number {
    return this.#seconds;
  }

  /** The outcome of a piece of work: known, or done now and kept. */
  async remember<Schema extends z.ZodType>(
    key: string,
    schema: Schema,
    work: () => Promise<Outcome<z.output<Schema>>>,
  ): Promise<z.output<Schema>> {
    const known = this.known.get(key);
    const read = known && schema.safeParse(known.value);
    if (known && read?.success) {
      this.#count(known);
      return read.data;
    }
    const begun = performance.now();
    const { rows, value } = await work();
    const record = { key, rows, seconds: (performance.now() - begun) / 1000, value };
    this.known.set(key, record);
    this.#count(record);
    if (this.path !== undefined) {
      await appendFile(this.path, `${JSON.stringify(record)}\n`).catch((cause: unknown) => {
        throw writeError(this.path!, cause);
      });
    }
    return value;
  }

  /** Once, however often it is asked for. */
  #count({ key, rows, seconds }: Record): void {
    if (this.#counted.has(key)) return;
    this.#counted.add(key);
    this.#rows += rows;
    this.#seconds += seconds;
    this.onRows(this.#rows);
  }
}

/** The whole lines of a file, if it is of the same search. */
async function recordsOf(path: string, identity: string): Promise<Record[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  const [first, ...lines] = text.split("\n").map(parsed);
  const same = z.strictObject({ identity: z.literal(identity) }).safeParse(first).success;
  if (!same && text !== "") warnDiscarded(path);
  return same ? lines.flatMap((line) => recordSchema.safeParse(line).data ?? []) : [];
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
