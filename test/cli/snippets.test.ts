// The TypeScript and JavaScript on the pages, compiled as a strict program of somebody who installed the package would be.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { buildLibrary } from "./built.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** What a page's blocks take as given. */
const given = `
import type { Denoiser, Model, Samples } from "quench";
declare global {
  const model: Model;
  const picture: Float32Array;
  const noise: Float32Array;
  const embedding: Float32Array;
  const drawsOfA: Float32Array;
  const drawsOfB: Float32Array;
}
`;

beforeAll(buildLibrary, 120_000);

it("snippets compile", { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(root, "build/snippets-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  let count = 0;
  for (const page of pages) {
    const text = readFileSync(join(root, page), "utf8");
    for (const [, language, code] of text.matchAll(/^```(js|ts)\n(.*?)^```/gms)) {
      // JavaScript is held to what an editor tells of it: names, members and types that are known.
      const file = `${basename(page, ".md")}-${++count}.${language === "ts" ? "mts" : "mjs"}`;
      writeFileSync(join(folder, file), `${code}\nexport {};\n`);
    }
  }
  expect(count).toBeGreaterThan(10);
  writeFileSync(join(folder, "given.d.mts"), given);
  for (const [name, include, strict] of [
    ["typescript", "*.mts", true],
    ["javascript", "*.mjs", false],
  ] as const) {
    const compilerOptions = {
      target: "es2022",
      lib: ["es2023"],
      module: "nodenext",
      types: ["node"],
      strict,
      exactOptionalPropertyTypes: strict,
      allowJs: true,
      checkJs: true,
      skipLibCheck: true,
      noEmit: true,
    };
    const project = join(folder, `${name}.json`);
    writeFileSync(project, JSON.stringify({ compilerOptions, include: [include, "given.d.mts"] }));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", project], { cwd: folder, encoding: "utf8" });
    expect(stdout).toBe("");
  }
});
