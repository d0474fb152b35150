import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultChoice, defaultRequest } from "../../lib/cli/default-choice.js";
import { measuredChoices } from "../../lib/cli/measured-choices.js";
import { openModel } from "../../lib/denoiser/open-model.js";
import {
  edm,
  gaussianMixture,
  loadModel,
  readPreset,
  type SampleRequest,
  sample,
  worlds,
} from "../../lib/index.js";
import { readNpy } from "../../lib/io/index.js";
import { savedChoices } from "../../scripts/reproduce/choice.mjs";
import { savedOwnPresets } from "../../scripts/reproduce/saved.mjs";
import { digits, emptyFolder, modelFolder, quench } from "../cli/run-quench.js";

const asked = (steps: number) => ({ steps, guidance: 1, beside: false });

/** What the command line takes for digits. */
async function ofDigits(given: {
  readonly steps: number;
  readonly guidance?: number;
  readonly beside?: boolean;
}) {
  const model = await openModel(digits);
  return defaultRequest({ ...asked(given.steps), ...given }, model).finally(() => model.close());
}

/** What the command draws where neither solver nor grid is given. */
async function byDefault(model: string, ...options: string[]) {
  const out = join(emptyFolder(), "x.npy");
  const { exitCode, stderr } = await quench([
    ...["sample", model, "--labels", "3", "--seed", "5", "--quiet", "--out", out, ...options],
  ]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return (await readNpy(out)).data;
}

/** The same by the library. */
async function drawn(steps: number, request: SampleRequest) {
  const model = await loadModel(digits);
  const { data } = await sample(model, { labels: [3], seed: 5, steps, ...request });
  await model.close();
  return data;
}

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

  it("draws as the library does by the model's preset for so many calls", async () => {
    const expected = await drawn(4, { preset: await readPreset(join(digits, "presets/nfe-4.json")) });
    expect(await byDefault(digits, "--steps", "4")).toEqual(expected);
  });

  it("draws by the measured pair where the model has no preset for so many calls", async () => {
    const chosen = await ofDigits({ steps: 3 });
    expect(chosen.solver).toEqual({ name: defaultChoice(3, true)[0] });
    expect(await byDefault(digits, "--steps", "3")).toEqual(await drawn(3, chosen));
  });

  it.each(["digits", "garments"])(
    "was measured of %s with the presets that are there: no pair is ahead",
    (name) => {
      const folder = fileURLToPath(new URL(`../../models/${name}`, import.meta.url));
      const { columns } = savedOwnPresets()[name]!;
      expect(columns.map(({ nfe }) => nfe)).toEqual(measuredChoices.map(({ steps }) => steps));
      for (const { nfe, sha256, rivals } of columns) {
        const file = readFileSync(join(folder, "presets", `nfe-${nfe}.json`));
        expect(createHash("sha256").update(file).digest("hex")).toBe(sha256);
        expect(rivals.filter(({ behind }) => behind[2]! < 0)).toEqual([]);
      }
    },
  );

  it("takes a preset for the guidance that it was tuned at alone, and beside nothing that it decides", async () => {
    const unguided = { guidance: 1, beside: false };
    expect(await ofDigits({ steps: 4 })).toHaveProperty("preset.nfe", 4);
    for (const other of [{ guidance: 2 }, { beside: true }])
      expect(await ofDigits({ steps: 4, ...other })).not.toHaveProperty("preset");
    const folder = modelFolder("plain.onnx", {});
    const model = await openModel(folder);
    onTestFinished(() => model.close());
    const preset = JSON.parse(readFileSync(join(digits, "presets/nfe-4.json"), "utf8"));
    mkdirSync(join(folder, "presets"));
    const write = (name: string, changed: object) =>
      writeFileSync(join(folder, "presets", name), JSON.stringify({ ...preset, ...changed }));
    const own = { model: { name: model.name, sha256: model.hash } };
    // Another model's, one of more calls, and one of another guidance scale than its name says.
    write("nfe-4.json", {});
    write("nfe-3.json", own);
    write("nfe-4-guidance-3.json", { ...own, guidance: 2 });
    write("nfe-4-guidance-2.json", { ...own, guidance: 2 });
    for (const asked of [{ steps: 4 }, { steps: 3 }, { steps: 4, guidance: 3 }])
      expect(await defaultRequest({ ...unguided, ...asked }, model)).not.toHaveProperty("preset");
    // What was found best in five calls may take four.
    write("nfe-5.json", own);
    expect(await defaultRequest({ ...unguided, steps: 5 }, model)).toMatchObject({
      preset: { nfe: 4 },
      steps: 4,
    });
    const guided = await defaultRequest({ ...unguided, steps: 4, guidance: 2 }, model);
    expect(guided).toHaveProperty("preset.guidance", 2);
    write("nfe-4.json", { ...own, kind: "iia" });
    await expect(defaultRequest({ ...unguided, steps: 4 }, model)).rejects.toMatchObject({
      code: "INVALID_ARTIFACT",
    });
  });

  it("reads no preset and no risk curve outside the model's folder", async () => {
    for (const [name, target] of [
      ["presets/nfe-4.json", "presets/nfe-4.json"],
      ["risk.json", "risk.json"],
    ] as const) {
      const folder = modelFolder("plain.onnx");
      mkdirSync(join(folder, "presets"));
      symlinkSync(join(digits, target), join(folder, name));
      const model = await openModel(folder);
      onTestFinished(() => model.close());
      await expect(defaultRequest(asked(4), model)).rejects.toMatchObject({
        code: "INVALID_ARTIFACT",
        where: join(folder, name),
        message: expect.stringContaining("the file is a link out of the model's folder"),
      });
    }
  });

  it("does without a risk curve where the model has none", async () => {
    const chosen = await defaultRequest(asked(8), gaussianMixture(worlds.circle8!));
    expect(chosen.grid).toEqual({ schedule: defaultChoice(8, false)[1] });
  });

  it("is log-SNR where the schedule cannot be placed on the model's range", async () => {
    const measured = measuredChoices.find(({ uninformed }) => uninformed[1] === "vp")!;
    const narrow = gaussianMixture({ ...worlds.circle8!, process: edm({ sigmaMin: 0.2, sigmaMax: 10 }) });
    const chosen = await defaultRequest(asked(measured.steps), narrow);
    expect(chosen).toEqual({ solver: { name: measured.uninformed[0] }, grid: "log-snr" });
  });
});
