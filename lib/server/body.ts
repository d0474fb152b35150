import { z } from "zod";
import { isObject } from "../checks/received.js";
import { parse } from "../checks/validate.js";
import type { DeepReadonly } from "../deep-readonly.js";
import { modelScheduler, requestSchema, requireNamedSolver, type SampleRequest } from "../engine/index.js";
import { QuenchError, requireArgument } from "../errors.js";
import { findSolver } from "../solver/index.js";
import { boundsOf, requireBounded } from "./body-bounds.js";
import { conditionsJsonSchema, takeConditions } from "./body-conditions.js";

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
  priority: requestSchema.shape.priority.describe("higher goes first; for servers that let clients set it"),
  columns: z.int().min(1).max(10_000).optional().describe("samples per row of the picture"),
});

export type SamplesBody = DeepReadonly<z.input<typeof samplesBodySchema>> &
  Pick<SampleRequest, "conditions" | "nullConditions">;

/** Largest body in bytes, where a server does not say. */
export const defaultBodyLimit = 2 ** 20;

const defaultBounds = boundsOf(defaultBodyLimit);

/**
 * @param longestList most entries of seeds and labels: more samples than any queue here holds
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME, `where` naming the member
 */
export function parseBody(given: unknown, longestList: number, bounds = defaultBounds): SamplesBody {
  requireArgument(isObject(given), "", "expected a JSON object");
  const { rest: body, taken } = takeConditions(given, longestList);
  requireBounded(body, bounds);
  if ("solver" in body) requireNamedSolver(body.solver);
  for (const name of ["seeds", "labels"] as const) {
    // Before its entries are looked at: a list of half a million wrong ones would keep everybody waiting.
    const list = (body as Record<string, unknown>)[name];
    requireArgument(
      !Array.isArray(list) || list.length <= longestList,
      name,
      () => `expected at most ${longestList} entries, received ${(list as unknown[]).length}`,
    );
  }
  parse(samplesBodySchema, body, "request");
  const asked = body as SamplesBody; // as it came: the engine applies the defaults
  for (const solver of [asked.solver, asked.preset?.solver])
    if (typeof solver === "object") refuseFiles(solver);
  return { ...asked, ...taken };
}

/**
 * Some solver options take an artifact or the path of its file. Clients from outside may send the artifact, but not
 * name files of the server: a string must be one of those that the option's schema spells out.
 */
function refuseFiles({ name, ...options }: { name: string; [option: string]: unknown }): void {
  if (name === modelScheduler) return;
  const { shape } = findSolver(name).options;
  for (const [key, value] of Object.entries(options)) {
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (typeof value !== "string" || !schema) continue;
    const text = JSON.stringify(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
    if (text.includes('"type":"string"') && !spellsOut(text, value)) {
      throw new QuenchError("INVALID_ARGUMENT", "a file of the server cannot be named: send its content", {
        where: `solver.${name}.${key}`,
      });
    }
  }
}

/** Whether a JSON schema has this string as a constant or in an enumeration. */
function spellsOut(schema: string, value: string): boolean {
  const quoted = JSON.stringify(value);
  const lists = [...schema.matchAll(/"enum":\[([^\]]*)\]/g)].map(([, list]) => list!.split(","));
  return lists.some((list) => list.includes(quoted)) || schema.includes(`"const":${quoted}`);
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
  return {
    ...schema,
    properties: {
      ...(schema.properties as object),
      conditions: conditionsJsonSchema(
        "further inputs of the model by name, such as text embeddings: float32 numbers in base64, one row for all samples or a list of one for each",
      ),
      nullConditions: conditionsJsonSchema("the same for the unconditional half of guidance"),
    },
  };
}
