import { z } from "zod";
import { QuenchError, unknownName } from "./errors.js";

/**
 * Parses with a zod schema, turning the first problem into a typed error that names the place.
 * @throws QuenchError UNKNOWN_NAME for an unknown key (with the nearest known one), else INVALID_ARGUMENT
 */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = deepest(result.error.issues[0]!);
  const place = [where, ...issue.path.map(String)].join(".");
  if (issue.code === "unrecognized_keys" && schema instanceof z.ZodObject && issue.path.length === 0) {
    throw unknownName(`option of ${where}`, issue.keys[0]!, Object.keys(schema.shape));
  }
  throw new QuenchError("INVALID_ARGUMENT", issue.message, { where: place });
}

/** Inside a union, the branch that got furthest says most about what was meant. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue;
  const furthest = issue.errors
    .flat()
    .map(deepest)
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (!furthest || furthest.path.length === 0) return issue;
  return { ...furthest, path: [...issue.path, ...furthest.path] };
}
