import type { z } from "zod";
import { describeOption } from "../../lib/cli/describe-solver.js";
import { requestSchema } from "../../lib/engine/index.js";
import { inCell, table } from "./markdown.js";

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
  const lines = table(["Member", "Type", "Default", "Meaning"], rows);
  return page.replace(
    /(<!-- request: [^\n]*-->\n).*?(<!-- \/request -->)/s,
    (_, begin: string, end: string) => `${begin}${lines.join("\n")}\n${end}`,
  );
}
