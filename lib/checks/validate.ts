import { z } from "zod";
import { QuenchError, suggestion, unknownNameMessage } from "../errors.js";
import { expectedBy } from "./expected.js";
import { received } from "./received.js";

/**
 * Parses with a zod schema, turning the first problem into a typed error that names the place.
 * @throws QuenchError UNKNOWN_NAME for an unknown key (with the nearest known one), else INVALID_ARGUMENT
 */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(value, { error: message });
  if (result.success) return result.data;
  const issue = firstProblem(result.error);
  const place = [where, ...issue.path.map(String)].join(".");
  const code = issue.code === "unrecognized_keys" ? "UNKNOWN_NAME" : "INVALID_ARGUMENT";
  throw new QuenchError(code, issue.message, { where: place });
}

/** The problem that says most about what was meant, its path from the value's root. */
export function firstProblem({ issues }: z.ZodError): z.core.$ZodIssue {
  // A misspelled key also leaves its right spelling missing: the misspelling says more.
  return deepest(issues.find(isUnknownKey) ?? issues[0]!);
}

/** What zod's own messages leave out: which keys there are, and what it is that is missing. */
function message(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "unrecognized_keys") {
    const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
    return unknownNameMessage("option", issue.keys[0]!, known);
  }
  const missing = issue.input === undefined && missingCodes.has(issue.code);
  if (!missing) return unionMessage(issue);
  const { description } = (issue.inst ?? {}) as Partial<z.ZodType>;
  return description === undefined ? "required" : `required: ${description}`;
}

/** A union's own message says nothing of its branches. */
export function unionMessage(issue: z.core.$ZodRawIssue): string | undefined {
  // Only where there is no discriminator: where there is one, the message names its values.
  if (issue.code !== "invalid_union" || !(issue.inst instanceof z.ZodUnion) || "options" in issue)
    return undefined;
  const { words, names } = expectedBy(issue.inst);
  const { input } = issue;
  const near = typeof input === "string" ? suggestion(input, names) : "";
  const given = input === undefined ? "nothing" : received(input);
  return words === "" ? undefined : `expected ${words}, received ${given}${near}`;
}

const missingCodes: ReadonlySet<string> = new Set(["invalid_type", "invalid_union"]);

const isUnknownKey = ({ code }: z.core.$ZodIssue) => code === "unrecognized_keys";

/** Inside a union, the branch that got furthest says most about what was meant. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue;
  // Or one that misses nothing, and has a key of another branch besides.
  const [foreign] = issue.errors.find((branch) => branch.every(isUnknownKey)) ?? [];
  if (foreign) return { ...foreign, path: [...issue.path, ...foreign.path] };
  const furthest = issue.errors
    .flat()
    .map(deepest)
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (!furthest || furthest.path.length === 0) return issue;
  return { ...furthest, path: [...issue.path, ...furthest.path] };
}
