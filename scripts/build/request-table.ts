import type { z } from "zod";
import { describeOption } from "../../lib/cli/describe-solver.js";
import { requestSchema } from "../../lib/engine/index.js";
import { inCell, table, withAllTables } from "../markdown.mjs";

/** A page with the members of a request in the place it keeps for them. `npm run docs` writes docs/library.md so. */
export function withRequestTable(page: string): string {
  const rows = Object.entries(requestSchema.shape as Record<string, z.ZodType>).map(([name, schema]) => {
    const { type, default: value, description } = describeOption(name, schema);
    return [
      `\`${name}\``,
      inCell(type),
      value === undefined ? "" : `\`${JSON.stringify(value)}\``,
      inCell(description),
    ];
  });
  return withAllTables(page, { request: table(["Member", "Type", "Default", "Meaning"], rows) });
}
