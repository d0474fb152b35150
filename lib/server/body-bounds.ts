import { QuenchError } from "../errors.js";
import { jsonPointer } from "../io/index.js";

/** How large the parts of a body may be; see {@link boundsOf}. */
export interface BodyBounds {
  /** Entries of one list. */
  readonly list: number;
  /** Members of one object: a solver says of all that it does not know which they are. */
  readonly members: number;
  /** Levels of a risk curve: what is fitted to it takes as long as it has levels, and a grid from it waits for that. */
  readonly levels: number;
  /** Numbers, strings and the like, in all. */
  readonly values: number;
  /** Objects and lists, in all: what is wrong with one of them is many problems. Also strings and negative numbers. */
  readonly containers: number;
  readonly depth: number;
  /** Characters of a string or of a member's name. */
  readonly text: number;
}

/**
 * In proportion to the bytes of a body, and never too small for a usual request. At 1 MiB a list may have 16,384
 * entries and a body 104,857 numbers: the spectral risk curves of the bundled models hold 55,419 in lists of up to 420.
 */
export function boundsOf(bodyLimit: number): BodyBounds {
  const share = (bytes: number) => Math.max(1024, Math.floor(bodyLimit / bytes));
  return {
    list: share(64),
    members: 1000,
    levels: 4096,
    values: share(10),
    containers: share(200),
    depth: 32,
    text: 1000,
  };
}

/**
 * One walk over a parsed body, before its schema is applied: that collects every problem of every entry, and a megabyte
 * of wrong ones would keep everybody waiting for seconds.
 * @throws QuenchError INVALID_ARGUMENT, `where` a JSON pointer
 */
export function requireBounded(body: unknown, bounds: BodyBounds): void {
  const path: string[] = [];
  let values = 0;
  let containers = 0;
  let doubtful = 0;
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) {
      if (++values > bounds.values) throw tooMuch([], `at most ${bounds.values} numbers and strings in all`);
      // Long lists hold levels, errors and labels, never below 0: of anything else there is little in a good request.
      // Seeds may be strings, and are counted elsewhere.
      const usual = (typeof value === "number" && value >= 0) || path[0] === "seeds";
      if (!usual && ++doubtful > bounds.containers)
        throw tooMuch(path.slice(0, 3), `at most ${bounds.containers} strings and negative numbers in all`);
      if (typeof value === "string" && value.length > bounds.text)
        throw tooMuch(path, `at most ${bounds.text} characters, received ${value.length}`);
      return;
    }
    if (++containers > bounds.containers)
      throw tooMuch(path.slice(0, 3), `at most ${bounds.containers} objects and lists in all`);
    if (path.length >= bounds.depth)
      throw tooMuch(path, `at most ${bounds.depth} objects and lists within one another`);
    const isList = Array.isArray(value);
    const entries = isLevels(path) ? Math.min(bounds.levels, bounds.list) : bounds.list;
    if (isList && value.length > entries)
      throw tooMuch(path, `at most ${entries} entries, received ${value.length}`);
    let members = 0;
    for (const key in value) {
      if (!isList && ++members > bounds.members) throw tooMuch(path, `at most ${bounds.members} members`);
      if (key.length > bounds.text) throw tooMuch(path, `names of at most ${bounds.text} characters`);
      path.push(key);
      visit((value as Record<string, unknown>)[key]);
      path.pop();
    }
  };
  visit(body);
}

/** Whether this is the place of a risk curve's noise levels: the other lists of one are as long, or refused. */
function isLevels(path: readonly string[]): boolean {
  return path.at(-1) === "sigma" && path.at(-2) === "risk";
}

function tooMuch(path: readonly string[], expected: string): QuenchError {
  return new QuenchError("INVALID_ARGUMENT", `expected ${expected}`, { where: jsonPointer(path) });
}
