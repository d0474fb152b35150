import { expect, it } from "vitest";
import { conform } from "../../lib/conform/index.js";

/** Runs the golden vectors of a family in float64: none fails, and as many are unsupported as stated. */
export function goldenFamily(family: string, unsupported: number): void {
  it(`${family}: golden vectors`, async () => {
    const results = await conform([`test/golden/${family}.worldA.json`]);
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter(({ status }) => status === "fail")).toEqual([]);
    expect(results.filter(({ status }) => status === "unsupported")).toHaveLength(unsupported);
  });
}
