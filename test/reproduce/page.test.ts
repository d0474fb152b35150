import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { resultsPage } from "../../scripts/reproduce/page.mjs";

it("docs/results.md is what the saved results make", () => {
  expect(readFileSync(new URL("../../docs/results.md", import.meta.url), "utf8")).toBe(resultsPage());
});
