import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadModel, presetSchema, readNpy, sample } from "../../lib/index.js";
import { emptyFolder, modelFolder, quench } from "../cli/run-quench.js";

it("quench tune writes a preset that quench sample draws with", async () => {
  const [path, folder] = [modelFolder("plain.onnx"), emptyFolder()];
  const out = join(folder, "four.json");
  const tune = (...more: string[]) => quench(["tune", path, "--nfe", "4", "--out", out, ...more]);
  const tuned = await tune("--budget", "9000", "--batch", "32");
  expect(tuned).toMatchObject({ exitCode: 0, stderr: "" });
  expect(tuned.stdout).toMatch(/^RMSE +NFE +HOW\n/);
  expect(tuned.stdout).toMatch(/best in \d calls of \d+ candidates, .* model rows/);
  expect(readdirSync(folder)).toEqual(["four.json"]);
  expect((await tune()).stderr).toMatch(/--force/);
  const preset = presetSchema.parse(JSON.parse(readFileSync(out, "utf8")));

  const five = join(folder, "five.json");
  const again = ["tune", path, "--nfe", "5", "--budget", "12000", "--batch", "32", "--out", five];
  expect(await quench([...again, "--presets", out])).toMatchObject({ exitCode: 0, stderr: "" });
  const { tuning } = presetSchema.parse(JSON.parse(readFileSync(five, "utf8")));
  expect(tuning!.finalists).toContainEqual(
    expect.objectContaining({ nfe: 4, origin: preset.tuning!.finalists[0]!.origin }),
  );
  const missing = await quench([...again, "--force", "--presets", `${out},${join(folder, "six.json")}`]);
  expect(missing).toMatchObject({ exitCode: 1, stdout: "" });
  expect(missing.stderr).toMatch(/six\.json/);

  const arrays = join(folder, "draw.npy");
  const draw = (...more: string[]) =>
    quench(["sample", path, "--preset", out, "--count", "3", "--out", arrays, "--force", ...more]);
  expect(await draw()).toMatchObject({ exitCode: 0, stderr: "" });
  const model = await loadModel(path);
  const { solver, steps, grid } = preset;
  const explicit = await sample(model, { solver, steps, grid, count: 3 });
  expect((await readNpy(arrays)).data).toEqual(explicit.data);
  await model.close();

  for (const [more, message] of [
    [["--solver", "ddim"], /'--preset <file>' cannot be used with option '-s, --solver <name>'/],
    [["--grid", "edm"], /--grid/],
    [["--sigmas", "3,1"], /--sigmas/],
    [["--option", "eta=1"], /--option/],
    [["--steps", "77"], /steps: the preset is for steps \d, asked for 77/],
    [["--guidance", "2"], /guidance: the preset is for guidance 1, asked for 2/],
  ] as const) {
    const refused = await draw(...more);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(message);
  }
});

it("quench tune says what is wrong with a budget", async () => {
  const path = modelFolder("plain.onnx");
  const tune = (...more: string[]) => quench(["tune", path, "--out", join(emptyFolder(), "p.json"), ...more]);
  expect((await tune("--nfe", "4", "--budget", "3h")).stderr).toMatch(
    /expected rows, or a time such as 90s or 3m, received "3h"/,
  );
  expect((await tune("--nfe", "4", "--budget", "50")).stderr).toMatch(/expected at least \d+ model rows/);
  expect((await tune()).stderr).toMatch(/--nfe/);
  expect((await tune("--nfe", "4", "--space", "sound")).stderr).toMatch(/--space/);
});
