import { expect, it } from "vitest";
import { gridMaker } from "../../lib/schedule/index.js";
import { type Candidate, candidateFor } from "../../lib/tune/candidate.js";
import { judged } from "../../lib/tune/finals.js";
import { Meter } from "../../lib/tune/measure.js";
import type { Subject } from "../../lib/tune/subject.js";
import { Work } from "../../lib/tune/work.js";
import { circle, plane } from "./worlds.js";

it("a candidate whose samples diverge in the last round alone is no finalist", async () => {
  const subject: Subject = {
    ...{ denoiser: circle, nfe: 5, guidance: undefined, labels: undefined, risk: undefined },
    ...{ judge: plane, space: "data", seed: 7007n, batch: 8, signal: undefined },
  };
  const grid = gridMaker(circle.process, { schedule: "edm", final: "zero" });
  const [good, bad] = (await Promise.all(
    ["ddim", "ipndm"].map((name) => candidateFor(subject, { name }, grid, `${name} on edm`)),
  )) as [Candidate, Candidate];
  const tracked = { solver: "", samples: 0 };
  const failing: Subject = {
    ...subject,
    // The metric's ninth sample by the second candidate.
    denoiser: {
      ...circle,
      evaluate(batch) {
        const answer = circle.evaluate(batch);
        if (tracked.solver === "ipndm" && tracked.samples > 8) batch.output.fill(Number.NaN);
        return answer;
      },
    },
  };
  class Watched extends Meter {
    override features(candidate: Candidate, count: number) {
      tracked.solver = candidate.solver.name;
      tracked.samples = count;
      return super.features(candidate, count);
    }
    override errors(candidate: Candidate, first: number, count: number) {
      tracked.solver = "";
      return super.errors(candidate, first, count);
    }
  }
  const meter = new Watched(failing, await Work.open(undefined, ""));
  const rounds = [
    { count: 2, samples: 8 },
    { count: 2, samples: 16 },
  ];
  const found = await judged(
    meter,
    [bad, good],
    { usual: [], known: [] },
    { rounds, usual: false, crossed: 0, bent: 0, trials: 0 },
    { errors: 8, fresh: 4 },
  );
  expect(found.map(({ candidate }) => candidate)).toEqual([good]);
});
