import { isObject, received } from "../checks/received.js";
import type { Conditions, SampleRequest } from "../engine/index.js";
import { requireArgument } from "../errors.js";

/** The members of a request that hold numbers by the megabyte. */
type Taken = Pick<SampleRequest, "conditions" | "nullConditions">;

/** Further inputs of a network; none has more. */
const mostInputs = 16;

/**
 * A body without its conditions, and these as numbers. They come as base64 of little-endian float32: the schema and the
 * bounds of a body's other values are not for them.
 * @param longestList most rows of one input
 * @throws QuenchError INVALID_ARGUMENT naming the row
 */
export function takeConditions(
  body: object,
  longestList: number,
): { readonly rest: object; readonly taken: Taken } {
  const { conditions, nullConditions, ...rest } = body as Record<string, unknown>;
  const taken = (member: keyof Taken, value: unknown) =>
    value === undefined ? {} : { [member]: decoded(value, member, longestList) };
  return { rest, taken: { ...taken("conditions", conditions), ...taken("nullConditions", nullConditions) } };
}

function decoded(value: unknown, where: string, longestList: number): Conditions {
  requireArgument(
    isObject(value) && Object.keys(value).length <= mostInputs,
    where,
    () => `expected rows by the names of at most ${mostInputs} inputs, received ${received(value)}`,
  );
  return Object.fromEntries(
    Object.entries(value).map(([name, rows]) => {
      if (!Array.isArray(rows)) return [name, row(rows, `${where}.${name}`)];
      requireArgument(
        rows.length <= longestList,
        `${where}.${name}`,
        `expected at most ${longestList} rows, received ${rows.length}`,
      );
      return [name, rows.map((each, i) => row(each, `${where}.${name}[${i}]`))];
    }),
  );
}

function row(text: unknown, where: string): Float32Array {
  requireArgument(
    typeof text === "string" && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text),
    where,
    () => `expected float32 numbers, little-endian, in base64, received ${received(text)}`,
  );
  const bytes = Buffer.from(text, "base64");
  requireArgument(
    bytes.length % 4 === 0,
    where,
    `expected 4 bytes for every number, received ${bytes.length}`,
  );
  const numbers = new Float32Array(bytes.length / 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = view.getFloat32(4 * i, true);
  return numbers;
}

/** For OpenAPI. */
export function conditionsJsonSchema(description: string): Record<string, unknown> {
  const encoded = { type: "string", contentEncoding: "base64" };
  return {
    description,
    type: "object",
    maxProperties: mostInputs,
    additionalProperties: { anyOf: [encoded, { type: "array", items: encoded }] },
  };
}
