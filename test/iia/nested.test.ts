import { expect, test } from "vitest";
import { gaussianMixture, sample } from "../../lib/index.js";

test("coefficients whose options are nested deeper than the stack are refused as any others", async () => {
  const step = {
    ...{ coefficients: [0], residual: 0, baseResidual: 0, freshResidual: 0, freshBaseResidual: 0 },
    ...{ condition: 1, rank: 1 },
  };
  const deep: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  const coefficients = {
    ...{ kind: "iia", version: 1, model: { name: "m" }, solver: { name: "iia-ddim", deep } },
    ...{ grid: { sigma: [80, 1, 0] }, settings: { samples: 1, substeps: 1, seed: "0" } },
    ...{ cost: { modelCalls: 1, modelRows: 1, seconds: 1 }, steps: [step, step] },
  };
  const model = gaussianMixture({ name: "m", weights: [1], means: [[0]], stds: [1], shape: [1] });
  await expect(
    sample(model, { solver: { name: "iia-ddim", coefficients }, grid: { sigma: [80, 1, 0] } }),
  ).rejects.toMatchObject({ code: "INVALID_ARGUMENT", where: "solver.coefficients" });
});
