import { describe, expect, it } from "vitest";
import { gridMaker } from "../../lib/schedule/index.js";
import { bendDown } from "../../lib/tune/bend.js";
import { type Candidate, candidateFor } from "../../lib/tune/candidate.js";
import type { Subject } from "../../lib/tune/subject.js";
import { circle, plane } from "./worlds.js";

const subject: Subject = {
  denoiser: circle,
  nfe: 8,
  guidance: undefined,
  labels: undefined,
  risk: undefined,
  judge: plane,
  space: "data",
  seed: 7007n,
  batch: 64,
  signal: undefined,
};
const start = (await candidateFor(
  subject,
  { name: "ddim" },
  gridMaker(circle.process, { schedule: "edm", final: "zero" }),
  "ddim on edm",
))!;
const sigmas = ({ grid }: Candidate) => ("sigma" in grid ? grid.sigma : grid.t);

describe("a grid is bent towards what lowers a measure", () => {
  it("follows it, with both ends free and a last level of zero kept", async () => {
    const wanted = [60, 30, 12, 5, 2, 0.7, 0.2, 0.05];
    const measure = async (candidate: Candidate) =>
      wanted.reduce((sum, sigma, i) => sum + Math.log(sigmas(candidate)[i]! / sigma) ** 2, 0);
    const first = await measure(start);
    let tried = 0;
    let least = first;
    const candidate = await bendDown(subject, { candidate: start, value: first }, 60, async (one) => {
      tried++;
      const value = await measure(one);
      least = Math.min(least, value);
      return value;
    });
    expect(tried).toBeLessThanOrEqual(60);
    expect(await measure(candidate)).toBe(least);
    expect(least).toBeLessThan(0.12 * first);
    const found = sigmas(candidate);
    expect(found.at(-1)).toBe(0);
    for (const [i, sigma] of found.entries()) expect(sigma).toBeLessThan(found[i - 1] ?? 80.001);
  });

  it("stays where nothing is better, and where a candidate cannot be measured", async () => {
    const from = { candidate: start, value: 1 };
    expect(await bendDown(subject, from, 12, async () => 1)).toBe(start);
    expect(await bendDown(subject, from, 12, async () => undefined)).toBe(start);
  });
});
