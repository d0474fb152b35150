import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { decodePng } from "../../lib/io/index.js";
import { buildLibrary } from "./built.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...["docs", "models/digits", "models/garments", "scripts/train"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  ),
].filter((name) => name.endsWith(".md"));

/** What npm packs by its name at the top of the repository; the last three it packs always. */
const { files } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { files: string[] };
const packed = [...files, "README.md", "LICENSE", "package.json"];

/** The JavaScript blocks of a page. */
function examples(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/```js\n(.*?)```/gs)].map((match) => match[1]!);
}

/** Where a page's links may point to in it: headings, as GitHub makes anchors of them, and anchors of its own. */
function anchors(page: string): Set<string> {
  const text = readFileSync(join(root, page), "utf8").replace(/^```.*?^```/gms, "");
  const slugs = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
  const own = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
  return new Set([...slugs, ...own]);
}

/** Runs a block as it stands, in a folder of its own inside the repository, where "quench" means this package. */
function run(code: string) {
  const folder = mkdtempSync(join(root, "build/example-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(root, "models"), join(folder, "models"));
  writeFileSync(join(folder, "example.mjs"), code);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["example.mjs"], {
    cwd: folder,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return { stdout, folder };
}

// Processes of their own with real draws: slow on a busy machine, never stuck.
describe("documentation", { timeout: 300_000 }, () => {
  beforeAll(buildLibrary, 120_000);

  it("README.md shows code that draws digits as it stands", () => {
    const { stdout, folder } = run(examples("README.md")[0]!);
    expect(stdout).toMatch(/^64 digits, 20 evaluations each, \d+ ms\n$/);
    const { width, height, channels } = decodePng(readFileSync(join(folder, "digits.png")));
    expect([width, height, channels]).toEqual([224, 224, 1]);
  });

  it("docs/library.md shows code that runs as it stands", () => {
    const printed = examples("docs/library.md").map((code) => run(code).stdout);
    expect(printed).toEqual([
      expect.stringMatching(
        /^\[ 3, 1, 28, 28 \] 15 Float64Array true\nsigma [\d.]+, x0 so far: 2352 numbers\n$/,
      ),
      "true\n5\n",
      "[ [ 1, 12 ], [ 2, 6 ] ]\n",
      "true false\n",
    ]);
  });

  it("README.md shows the picture that quickstart draws", () => {
    const { width, height } = decodePng(readFileSync(join(root, "docs/images/digits.png")));
    expect([width, height]).toEqual([224, 224]);
  });

  it("README.md links to every page of docs/", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    for (const page of pages.filter((name) => name.startsWith("docs/")))
      expect(readme).toMatch(new RegExp(`\\]\\(${page.replace(".", "\\.")}[#)]`));
  });

  it.each(pages)(
    "%s links to files and headings that exist, and to packed files where it is packed",
    (page) => {
      const isPacked = (path: string) => packed.includes(path.split("/")[0]!);
      const text = readFileSync(join(root, page), "utf8").replace(/^```.*?^```/gms, "");
      for (const [, inText, inTag] of text.matchAll(/\]\(([^)]+)\)|src="([^"]+)"/g)) {
        const link = inText ?? inTag!;
        if (/^https?:/.test(link)) continue;
        const [file, anchor] = link.split("#") as [string, string?];
        const path = file === "" ? page : join(dirname(page), file);
        expect(existsSync(join(root, path)), link).toBe(true);
        expect(isPacked(path) || !isPacked(page), link).toBe(true);
        if (anchor !== undefined) expect([...anchors(path)], link).toContain(anchor);
      }
    },
  );
});
