import { z } from "zod";
import { requestSchema } from "../engine/index.js";
import { requireArgument } from "../errors.js";
import { parse } from "../validate.js";

/** Body of `POST /v1/samples`: the request of `sample()`, and what a client of a service may add. */
export const samplesBodySchema = z.strictObject({
  ...requestSchema.shape,
  model: z.string().optional().describe("name of a model of this server; default its only one"),
  timeout: z
    .number()
    .positive()
    .max(86_400)
    .optional()
    .describe("seconds after which to give up, counted from the request's arrival"),
  columns: z.int().min(1).max(10_000).optional().describe("samples beside each other in a PNG"),
});

export type SamplesBody = z.input<typeof samplesBodySchema>;

/** @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME, `where` naming the member */
export function parseBody(body: unknown): SamplesBody {
  requireArgument(
    typeof body === "object" && body !== null && !Array.isArray(body),
    "",
    "expected a JSON object",
  );
  parse(samplesBodySchema, body, "request");
  return body as SamplesBody; // as it came: the engine applies the defaults
}

/** The same schema for OpenAPI. Seeds are integers or decimal strings there: JSON has no big integers. */
export function bodyJsonSchema(): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(samplesBodySchema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === "bigint") jsonSchema.type = "integer";
    },
  });
  return schema;
}
