import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultChoice, defaultRequest } from "../../lib/cli/default-choice.js";
import { measuredChoices } from "../../lib/cli/measured-choices.js";
import { edm, gaussianMixture, loadModel, sample, worlds } from "../../lib/index.js";
import { readNpy } from "../../lib/io/index.js";
import { savedChoices } from "../../scripts/reproduce/choice.mjs";
import { digits, emptyFolder, quench } from "../cli/run-quench.js";

describe("what quench sample takes by itself", () => {
  it("is what the saved results say", () => {
    expect(measuredChoices).toEqual(savedChoices());
  });

  it("is the measured choice, and the nearest where none was measured", () => {
    for (const { steps, uninformed, informed } of measuredChoices) {
      expect(defaultChoice(steps, false)).toEqual(uninformed);
      expect(defaultChoice(steps, true)).toEqual(informed);
    }
    const [first, last] = [measuredChoices[0]!, measuredChoices.at(-1)!];
    expect(defaultChoice(1, true)).toEqual(first.informed);
    expect(defaultChoice(1000, true)).toEqual(last.informed);
  });

  it("draws as the library does by that solver and grid", async () => {
    const out = join(emptyFolder(), "x.npy");
    const { exitCode, stderr } = await quench([
      ...["sample", digits, "--labels", "3", "--seed", "5", "--steps", "4", "--quiet", "--out", out],
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const model = await loadModel(digits);
    const chosen = await defaultRequest(4, model);
    expect(chosen.solver).toEqual({ name: defaultChoice(4, true)[0] });
    const expected = await sample(model, { labels: [3], seed: 5, steps: 4, ...chosen });
    await model.close();
    expect((await readNpy(out)).data).toEqual(expected.data);
  });

  it("does without a risk curve where the model has none", async () => {
    const chosen = await defaultRequest(8, gaussianMixture(worlds.circle8!));
    expect(chosen.grid).toEqual({ schedule: defaultChoice(8, false)[1] });
  });

  it("is log-SNR where the schedule cannot be placed on the model's range", async () => {
    const measured = measuredChoices.find(({ uninformed }) => uninformed[1] === "vp")!;
    const narrow = gaussianMixture({ ...worlds.circle8!, process: edm({ sigmaMin: 0.2, sigmaMax: 10 }) });
    const chosen = await defaultRequest(measured.steps, narrow);
    expect(chosen).toEqual({ solver: { name: measured.uninformed[0] }, grid: "log-snr" });
  });
});
