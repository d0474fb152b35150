import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

interface Bench {
  readonly goals: readonly { readonly name: string; readonly value: number; readonly met: boolean }[];
  readonly skipped?: string;
}

function bench(script: string, ...args: string[]): Bench {
  const path = fileURLToPath(new URL(`../../scripts/bench/${script}`, import.meta.url));
  return JSON.parse(execFileSync(path, [...args, "--json"], { encoding: "utf8" })) as Bench;
}

describe("compare-torch", () => {
  it("skips with a message where there is no torch", () => {
    expect(bench("compare-torch", "--python", "/bin/false")).toEqual({
      bench: "compare-torch",
      skipped: "no torch and numpy for /bin/false",
      goals: [],
    });
  });

  it("computes with Quench what eager expressions compute, to rounding", ({ skip }) => {
    const size = ["--shapes", "2x3x8x8", "--threads", "1", "--steps", "12", "--rounds", "1"];
    const { skipped, goals } = bench("compare-torch", ...size);
    if (skipped) skip(skipped);
    const differences = goals.filter(({ name }) => name.includes("difference"));
    expect(differences).toHaveLength(3);
    for (const { value } of differences) expect(value).toBeLessThan(1e-4);
    expect(goals.filter(({ name }) => name.includes("times faster"))).toHaveLength(3);
  });
});
