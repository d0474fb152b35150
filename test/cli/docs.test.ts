import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { planSchema } from "../../lib/evaluate/index.js";
import { findSolver, modelSchema, requestSchema, scheduleNames, solvers } from "../../lib/index.js";
import { referenceRuns } from "../../scripts/build/reference-runs.js";
import { withRequestTable } from "../../scripts/build/request-table.js";
import { solversPage } from "../../scripts/build/solvers-page.js";
import { quench } from "./run-quench.js";

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

  it("lib/engine/request-schema.ts says of the type's members what it says of the schema's", () => {
    const source = readFileSync(new URL("../../lib/engine/request-schema.ts", import.meta.url), "utf8");
    const [, type] = source.split("export type JsonRequest = {");
    const comments = type!.matchAll(/\/\*\*(.*?)\*\/\s+(\w+)\?: (.*?);/gs);
    const said = [...comments].map(([, text, name, of]) => {
      if (name === "grid") expect(of).toBe("GridRequest | undefined");
      else expect(of).toBe(`DeepReadonly<z.input<typeof requestSchema>>["${name}"]`);
      return [name!, text!.replaceAll(/\s+(\* )?/g, " ").trim()];
    });
    const members = Object.entries(requestSchema.shape as Record<string, z.ZodType>);
    const descriptions = members.map(([name, { description }]) => [
      name,
      `${description![0]!.toUpperCase()}${description!.slice(1)}.`,
    ]);
    expect(said).toEqual(descriptions);
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

it("docs/models.md shows models that are ones", () => {
  const page = readFileSync(new URL("../../docs/models.md", import.meta.url), "utf8");
  const whole = modelSchema.parse(JSON.parse(/```json\n([^`]+)```/.exec(page)![1]!));
  const processes = [...page.matchAll(/`(\{"type": [^`]+\})`/g)].map(([, text]) => JSON.parse(text!));
  expect(processes.map(({ type }) => type)).toEqual([
    "vp-discrete",
    "vp-linear",
    "edm",
    "edm",
    "edm",
    "flow",
  ]);
  for (const process of processes)
    expect(modelSchema.safeParse({ ...whole, process }), JSON.stringify(process)).toMatchObject({
      success: true,
    });
});

it("docs/diffusers.md names solvers, options and grids for k-diffusion's calls that there are", () => {
  const page = readFileSync(new URL("../../docs/diffusers.md", import.meta.url), "utf8");
  const [, section] = page.split("## Coming from k-diffusion");
  const rows = section!.split("\n").filter((line) => /^\| (`get_|`sample_)/.test(line));
  expect(rows).toHaveLength(13);
  const names = new Set<string>();
  for (const row of rows) {
    const [, theirs, ours] = row.split("|");
    const spelled = [...ours!.matchAll(/`([^`]+)`/g)].map(([, text]) => text!);
    const grid = spelled.map((text) => /schedule: "([^"]+)"/.exec(text)?.[1]).find(Boolean);
    if (grid !== undefined) expect(scheduleNames(), row).toContain(grid);
    if (theirs!.includes("get_sigmas")) continue;
    const objects = spelled.filter((text) => text.startsWith("{ name"));
    const found = spelled.filter((text) => solvers.has(text));
    for (const text of objects) found.push(/name: "([^"]+)"/.exec(text)![1]!);
    expect(found, row).not.toEqual([]);
    const options = spelled.filter((text) => /^(churn|eta$|noise|order|r$)/.test(text));
    for (const text of objects)
      options.push(...[...text.matchAll(/(?:, )(\w+)/g)].map(([, option]) => option!));
    for (const name of found) {
      names.add(name);
      const known = Object.keys(findSolver(name).options.shape);
      expect(known, row).toEqual(expect.arrayContaining(options));
    }
  }
  expect(names.size).toBe(13);
});

it("the commands on the pages have the options that help prints", async () => {
  const root = new URL("../../", import.meta.url);
  const docs = readdirSync(new URL("docs/", root)).filter((name) => name.endsWith(".md"));
  const help = new Map<string, string>();
  let count = 0;
  for (const page of ["README.md", ...docs.map((name) => `docs/${name}`)]) {
    const text = readFileSync(new URL(page, root), "utf8");
    for (const [, line] of text.matchAll(/^(?: {4}|`)?(?:npx )?(quench [a-z][^`\n#]*)/gm)) {
      const words = line!.split(/[\s>|]+/);
      const group = ["schedule", "calibrate", "bench"].includes(words[1]!) && /^[a-z]/.test(words[2] ?? "");
      const command = words.slice(1, group ? 3 : 2);
      const name = command.join(" ");
      if (!help.has(name)) help.set(name, (await quench([...command, "--help"])).stdout);
      const options = words.filter((word) => word.startsWith("-"));
      for (const option of options)
        expect(help.get(name), `${page}: ${line}`).toMatch(new RegExp(` ${option}[ ,\\n]`));
      count += options.length;
    }
  }
  expect(count).toBeGreaterThan(100);
});
