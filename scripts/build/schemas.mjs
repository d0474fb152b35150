// Writes schemas/*.schema.json from the compiled library: npm run build:lib && node scripts/build/schemas.mjs
import { writeFileSync } from "node:fs";
import { mixtureJsonSchema, modelJsonSchema } from "../../dist/denoiser/index.js";
import { planJsonSchema } from "../../dist/evaluate/index.js";
import { presetJsonSchema } from "../../dist/preset/index.js";
import { riskJsonSchema } from "../../dist/schedule/index.js";
import { iiaJsonSchema } from "../../dist/solver/index.js";

const write = (name, schema) =>
  writeFileSync(
    new URL(`../../schemas/${name}.schema.json`, import.meta.url),
    `${JSON.stringify(schema, null, 2)}\n`,
  );

write("model", modelJsonSchema());
write("risk", riskJsonSchema());
write("iia", iiaJsonSchema());
write("preset", presetJsonSchema());
write("plan", planJsonSchema());
write("mixture", mixtureJsonSchema());
