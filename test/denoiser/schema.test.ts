import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { modelJsonSchema, modelSchema } from "../../lib/denoiser/index.js";

test("schemas/model.schema.json is current (npm run build:lib && node scripts/build/schemas.mjs)", () => {
  const committed: unknown = JSON.parse(
    readFileSync(new URL("../../schemas/model.schema.json", import.meta.url), "utf8"),
  );
  expect(committed).toEqual(JSON.parse(JSON.stringify(modelJsonSchema())));
});

test("the bundled model's model.json is valid", () => {
  const text = readFileSync(new URL("../../models/digits/model.json", import.meta.url), "utf8");
  expect(modelSchema.parse(JSON.parse(text))).toMatchObject({ name: "digits", prediction: "edm-raw" });
});
