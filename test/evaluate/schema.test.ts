import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { mixtureJsonSchema, planJsonSchema } from "../../lib/index.js";

it.each([
  ["plan", planJsonSchema],
  ["mixture", mixtureJsonSchema],
])(
  "schemas/%s.schema.json is current (npm run build:lib && node scripts/build/schemas.mjs)",
  (name, schema) => {
    const written = readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), "utf8");
    expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(schema())));
  },
);
