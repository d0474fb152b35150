import { expect, test } from "vitest";
import { Engine, edm, gaussianMixture, sample } from "../../lib/index.js";

const model = gaussianMixture({ weights: [1], means: [[0]], stds: [1], shape: [1], process: edm() });
const level = (t: number) => ({ t, modelTime: t, alpha: 1, sigma: t });

test.each([
  { sigma: [80, 5, 1, 0] },
  { t: [80, 5, 1, 0.01] },
  { levels: [80, 5, 1, 0.01].map(level) },
  { steps: [80, 5, 1].map((t) => ({ from: level(t), to: level(t / 2) })) },
])("an explicit grid says how many steps there are: %j", async (grid) => {
  const { nfe, data } = await sample(model, { solver: "ddim", grid });
  expect(nfe).toBe(3);
  expect((await sample(model, { solver: "ddim", grid, steps: 3 })).data).toEqual(data);
  const engine = new Engine(model);
  expect((await engine.sample({ solver: "ddim", grid })).data).toEqual(data);
  await engine.close();
  await expect(sample(model, { solver: "ddim", grid, steps: 4 })).rejects.toMatchObject({ where: "grid" });
});

test("a schedule still has 20 steps by default", async () => {
  expect((await sample(model, { solver: "ddim", grid: { schedule: "edm" } })).nfe).toBe(20);
});
