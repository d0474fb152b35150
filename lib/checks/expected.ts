import { z } from "zod";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What a schema accepts. */
export interface Expected {
  /** For "expected …": its values where it names them, else their kinds; empty where no words are known. */
  readonly words: string;
  /** The texts that it names. */
  readonly names: readonly string[];
}

export function expectedBy(schema: z.core.$ZodType): Expected {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", override: asInteger });
  const all = [...new Set(alternatives(json))];
  const names = all.filter((text) => text.startsWith('"')).map((text) => String(JSON.parse(text)));
  return { words: all.join(" or "), names };
}

/** JSON has no big integers. */
function asInteger({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonSchema }): void {
  if (zodSchema._zod.def.type === "bigint") jsonSchema.type = "integer";
}

function alternatives(schema: JsonSchema): string[] {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return (branches as JsonSchema[]).flatMap(alternatives);
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value));
  switch (schema.type) {
    case "number":
      return [`a number${bounds(schema)}`];
    case "integer":
      return [`an integer${bounds(schema)}`];
    case "string":
      return ["a text"];
    case "boolean":
      return ["true", "false"];
    case "null":
      return ["null"];
    case "array":
      return ["an array"];
    case "object":
      return [schema.required?.length ? `an object with ${schema.required.join(", ")}` : "an object"];
    default:
      return [];
  }
}

/** Those of integers are often no more than the range of exact ones. */
function bounds({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: JsonSchema): string {
  const exact = (bound: unknown) => typeof bound === "number" && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  return [
    exact(exclusiveMinimum) ? ` above ${exclusiveMinimum}` : exact(minimum) ? ` of at least ${minimum}` : "",
    exact(exclusiveMaximum) ? ` below ${exclusiveMaximum}` : exact(maximum) ? ` of at most ${maximum}` : "",
  ]
    .filter((bound) => bound !== "")
    .join(" and");
}
