import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { featureStatistics, frechetDistance } from "../../lib/metrics/index.js";
import { type Recipe, recipeRows } from "./recipe.js";

interface Case {
  readonly name: string;
  readonly a: Recipe;
  readonly b: Recipe;
  readonly svd: number;
  readonly sqrtm?: number;
}

const golden = JSON.parse(
  readFileSync(new URL("../recorded/frechet-scipy.json", import.meta.url), "utf8"),
) as {
  readonly cases: readonly Case[];
};

describe("Fréchet distances as scipy computes them", () => {
  it.each(golden.cases)("$name", async ({ a, b, svd, sqrtm }) => {
    const [first, second] = [a, b].map((recipe) => featureStatistics(recipeRows(recipe), recipe.dimension));
    const distance = await frechetDistance(first!, second!);
    expect(Math.abs(distance / svd - 1)).toBeLessThan(1e-6);
    if (sqrtm !== undefined) expect(Math.abs(distance / sqrtm - 1)).toBeLessThan(1e-6);
    expect(Math.abs((await frechetDistance(second!, first!)) / svd - 1)).toBeLessThan(1e-6);
  });
});
