import { expect, test } from "vitest";
import { soak } from "../../scripts/bench/soak.mjs";

// The long one is `node --expose-gc scripts/bench/soak.mjs`; memory needs its length.
test("a thousand requests under faults, kills and cancellations each end once, the answers right", async () => {
  const { goals, outcomes } = await soak({ requests: 1000, killEvery: 300 });
  const missed = goals.filter(({ name, met }) => !met && !name.includes("slope"));
  expect(missed).toEqual([]);
  expect(outcomes.resolved).toBeGreaterThan(300);
  expect(outcomes.ABORTED).toBeGreaterThan(0);
}, 120_000);
