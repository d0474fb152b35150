import { describe, expect, it } from "vitest";
import { solvers } from "../../lib/index.js";
import { solversPage } from "../../scripts/build/solvers-page.js";

describe("generated documentation", () => {
  it("docs/solvers.md is what the registry says (`npm run docs` writes it)", async () => {
    await expect(solversPage(solvers.values())).toMatchFileSnapshot("../../docs/solvers.md");
  });
});
