import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { planSchema } from "../../lib/evaluate/index.js";
import { requestSchema, solvers } from "../../lib/index.js";
import { referenceRuns } from "../../scripts/build/reference-runs.js";
import { withRequestTable } from "../../scripts/build/request-table.js";
import { solversPage } from "../../scripts/build/solvers-page.js";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

describe("generated documentation", () => {
  it("docs/solvers.md is what the registry says (`npm run docs` writes it)", async () => {
    const page = solversPage(solvers.values(), await referenceRuns());
    await expect(page).toMatchFileSnapshot("../../docs/solvers.md");
  });

  it("docs/library.md has the request's members as its schema says (`npm run docs` writes them)", async () => {
    const page = readFileSync(new URL("../../docs/library.md", import.meta.url), "utf8");
    const members = Object.values(requestSchema.shape as Record<string, z.ZodType>);
    for (const { description } of members) expect(description).toBeTruthy();
    await expect(withRequestTable(page)).toMatchFileSnapshot("../../docs/library.md");
  });

  it("README.md counts the solvers that are compared with runs of reference code", async () => {
    const runs = await referenceRuns();
    const compared = [...solvers.keys()].filter((name) => runs.has(name)).length;
    expect(readme).toContain(`${compared} of the ${solvers.size} are also compared`);
  });
});

it("the commands of docs/evaluate.md and the plan of that page do not name a method twice", () => {
  const page = readFileSync(new URL("../../docs/evaluate.md", import.meta.url), "utf8");
  const plan = planSchema.parse(JSON.parse(/```json\n([^`]+)```/.exec(page)![1]!));
  const names = plan.methods.map(({ name }) => name);
  const commands = [...page.matchAll(/^quench evaluate .*--plan plan\.json.*$/gm)].map(([line]) => line);
  expect(commands).not.toEqual([]);
  // --presets adds a method of that name.
  expect(names).toContain("tuned");
  for (const command of commands) expect(command).not.toContain("--presets");
});
