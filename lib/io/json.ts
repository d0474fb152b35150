import { z } from "zod";
import { received } from "../checks/received.js";
import { firstProblem, unionMessage } from "../checks/validate.js";
import { type ErrorCode, QuenchError, reasonOf, requireArgument, suggestion } from "../errors.js";
import { readBounded } from "./bounded.js";

export interface JsonLimits {
  /** Code of the error thrown for a missing, unreadable or invalid file. Default "INVALID_FILE". */
  readonly code?: ErrorCode;
  /** Largest file read, in bytes. Default 16 MiB. */
  readonly maximumBytes?: number;
  /** Also read Infinity, -Infinity and NaN (as null), which Python's json writes. Default false. */
  readonly pythonNumbers?: boolean;
}

/**
 * Reads a JSON file and checks it against a zod schema. The size is looked at before the file is read.
 *
 * @throws QuenchError with `limits.code`; `where` is the path where the file cannot be read, else the JSON pointer.
 */
export async function readJson<S extends z.ZodType>(
  path: string,
  schema: S,
  limits: JsonLimits = {},
): Promise<z.output<S>> {
  requireArgument(
    typeof schema?.safeParse === "function",
    "schema",
    () => `expected a zod schema, received ${received(schema)}`,
  );
  return checkJson(await parseJsonFile(path, limits), schema, { ...limits, path });
}

/** Reads a JSON file without checking its content; errors as in {@link readJson}. */
export async function parseJsonFile(
  path: string,
  { code = "INVALID_FILE", maximumBytes = 16 * 2 ** 20, pythonNumbers = false }: JsonLimits = {},
): Promise<unknown> {
  const fail = (message: string, cause?: unknown): never => {
    throw new QuenchError(code, message, { where: path, cause });
  };
  // What cannot be read has no content that could be an artifact's.
  const unreadable = code === "INVALID_ARTIFACT" ? "INVALID_FILE" : code;
  const text = (await readBounded(path, maximumBytes, unreadable)).toString("utf8");
  try {
    return parseText(text.replace(/^\uFEFF/, ""), pythonNumbers);
  } catch (cause) {
    return fail(`not valid JSON (${reasonOf(cause)})`, cause);
  }
}

function parseText(json: string, pythonNumbers: boolean): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    const standard = pythonNumbers ? withoutPythonNumbers(json) : json;
    if (standard === json) throw cause;
    return JSON.parse(standard);
  }
}

/** Python's names of numbers as JSON.parse reads them: a number beyond the largest is infinite. */
const pythonNames = { NaN: "null", Infinity: "1e999" };

/** Writes them so, but for those inside of strings. By hand: of a regular expression the time or the stack would not be bounded. */
function withoutPythonNumbers(json: string): string {
  const parts: string[] = [];
  let copied = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (inString && character === "\\") at++;
    else if (character === '"') inString = !inString;
    else if (!inString && (character === "N" || character === "I")) {
      const name = character === "N" ? "NaN" : "Infinity";
      if (!json.startsWith(name, at)) continue;
      parts.push(json.slice(copied, at), pythonNames[name]);
      at += name.length - 1;
      copied = at + 1;
    }
  }
  return parts.join("") + json.slice(copied);
}

/** Checks a value that came from JSON; an error's `where` is a JSON pointer (RFC 6901), its message names the file. */
export function checkJson<S extends z.ZodType>(
  value: unknown,
  schema: S,
  { code = "INVALID_FILE", path }: { readonly code?: ErrorCode; readonly path?: string } = {},
): z.output<S> {
  const result = schema.safeParse(value, { error: unionMessage });
  if (result.success) return result.data;
  // A file of another kind has other keys altogether.
  const { issues } = result.error;
  const kind = issues.find(({ path }) => path.length === 1 && path[0] === "kind");
  const { where, message } = describe(kind ?? firstProblem(result.error), schema, value);
  throw new QuenchError(code, path === undefined ? message : `${message} (in ${path})`, { where });
}

/** JSON pointer of a path of keys: `["process", "betas", 3]` is "/process/betas/3"; the whole document is "". */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function describe(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  value: unknown,
): { where: string; message: string } {
  const where = jsonPointer(issue.path);
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
    const known = knownKeys(json, issue.path, value);
    const message = `unknown key "${key}"${suggestion(key, known) || "."} Known: ${known.join(", ")}`;
    return { where: jsonPointer([...issue.path, key]), message };
  }
  const accepted = choices(issue) ?? [];
  if (accepted.length === 0) return { where, message: issue.message.replace(/^(Invalid|Too) \w+: /, "") };
  const given = valueAt(value, issue.path);
  const shown = given === undefined ? "nothing" : received(given);
  const near = typeof given === "string" ? suggestion(given, accepted.map(String)) : "";
  const expected = accepted.map((choice) => JSON.stringify(choice)).join(" or ");
  const kind = issue.path.length === 1 && issue.path[0] === "kind" ? kindOf(given) : "";
  return { where, message: `expected ${expected}, received ${shown}${near}${kind}` };
}

/** What else a file of Quench's may be, and what takes it. */
const kinds: Readonly<Record<string, string>> = {
  preset: "a preset of `quench tune`, which --preset takes",
  iia: "coefficients of `quench calibrate iia`, which --coefficients takes",
  risk: "a risk curve of `quench calibrate risk`, which --risk takes",
};

function kindOf(kind: unknown): string {
  return typeof kind === "string" && Object.hasOwn(kinds, kind) ? `: the file is ${kinds[kind]}` : "";
}

/** The values an issue would have accepted, where there are only a few and nothing else. */
function choices(issue: z.core.$ZodIssue): readonly unknown[] | undefined {
  if (issue.code === "invalid_value") return issue.values;
  if (issue.code !== "invalid_union") return undefined;
  if ("options" in issue && Array.isArray(issue.options)) return issue.options as readonly unknown[];
  const branches = issue.errors.map((branch) => {
    const own = branch.find(({ path }) => path.length === 0);
    return own && choices(own);
  });
  return branches.includes(undefined) ? undefined : branches.flatMap((values) => values ?? []);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Keys the schema allows at a path, following the branch of a union whose constant and required properties the value has. */
function knownKeys(schema: JsonSchema, path: readonly PropertyKey[], value: unknown): string[] {
  const branch = resolve(schema, value);
  const [head, ...rest] = path;
  if (head === undefined) return Object.keys(branch.properties ?? {});
  const inner = typeof head === "number" ? branch.items : branch.properties?.[String(head)];
  if (inner === undefined || typeof inner === "boolean" || Array.isArray(inner)) return [];
  return knownKeys(inner, rest, (value as Record<PropertyKey, unknown> | null)?.[head]);
}

function resolve(schema: JsonSchema, value: unknown): JsonSchema {
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches === undefined || typeof value !== "object" || value === null) return schema;
  const fits = ({ properties = {}, required = [] }: JsonSchema) =>
    required.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(properties).every(
      ([key, property]) =>
        typeof property === "boolean" ||
        property.const === undefined ||
        property.const === (value as Record<string, unknown>)[key],
    );
  return (
    (branches as JsonSchema[]).find((branch) => branch.properties !== undefined && fits(branch)) ?? schema
  );
}
