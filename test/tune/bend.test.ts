import { describe, expect, it } from "vitest";
import { gridMaker } from "../../lib/schedule/index.js";
import { bendDown, bendTrials } from "../../lib/tune/bend.js";
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
    let tried = 0;
    let from = { candidate: start, value: await measure(start) };
    const first = from.value;
    for (let descent = 0; descent < 12; descent++) {
      const candidate = await bendDown(subject, from, (one) => {
        tried++;
        return measure(one);
      });
      const value = await measure(candidate);
      expect(value).toBeLessThanOrEqual(from.value);
      from = { candidate, value };
    }
    expect(tried).toBeLessThanOrEqual(12 * bendTrials);
    expect(from.value).toBeLessThan(0.2 * first);
    const found = sigmas(from.candidate);
    expect(found.at(-1)).toBe(0);
    for (const [i, sigma] of found.entries()) expect(sigma).toBeLessThan(found[i - 1] ?? 80.001);
  });

  it("stays where nothing is better, and where a candidate cannot be measured", async () => {
    const from = { candidate: start, value: 1 };
    expect(await bendDown(subject, from, async () => 1)).toBe(start);
    expect(await bendDown(subject, from, async () => undefined)).toBe(start);
  });
});
