import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { iiaSchema } from "../../lib/index.js";
import { quench } from "../cli/run-quench.js";
import { modelFolder, temporaryFolder } from "../denoiser/support.js";

describe("quench calibrate iia", () => {
  it("writes coefficients that quench sample draws with, and neither goes with anything else", async () => {
    const [model, folder] = [await modelFolder("plain"), await temporaryFolder()];
    const out = join(folder, "iia.json");
    const found = await quench(
      [
        "calibrate",
        "iia",
        model,
        "--solver",
        "edm",
        "--option",
        "history=0",
        "--steps",
        "4",
        "--grid",
        "edm",
      ].concat(["--samples", "6", "--batch", "4", "--out", out]),
    );
    expect(found).toMatchObject({ exitCode: 0, stderr: "" });
    expect(found.stdout).toMatch(/^iia-edm: .* 3 sub-steps, 6 samples\nstep +σ\/α/);
    expect(found.stdout.split("\n")).toHaveLength(1 + 1 + 4 + 1 + 1 + 1);
    expect(readdirSync(folder)).toEqual(["iia.json"]);
    const artifact = iiaSchema.parse(JSON.parse(readFileSync(out, "utf8")));
    expect(artifact).toMatchObject({
      solver: { name: "iia-edm", history: 0 },
      grid: { request: { schedule: "edm" } },
      settings: { samples: 6, substeps: 3, seed: "4004" },
    });

    const again = await quench(["calibrate", "iia", model, "--solver", "edm", "--out", out]);
    expect(again).toMatchObject({ exitCode: 2 });
    expect(again.stderr).toMatch(/--force/);

    const draw = (...more: string[]) =>
      quench([
        "sample",
        model,
        "--coefficients",
        out,
        "--count",
        "2",
        "--out",
        join(folder, "draw.npy"),
        "--force",
        "--json",
        ...more,
      ]);
    const drawn = await draw();
    expect(drawn.exitCode, drawn.stderr).toBe(0);
    expect(JSON.parse(drawn.stdout)).toMatchObject({
      solver: { name: "iia-edm", history: 0 },
      steps: 4,
      nfe: 7,
    });
    expect((await draw("--steps", "5")).stderr).toMatch(/calibrated for steps 4, asked for 5/);
    expect((await draw("--solver", "biia-edm")).stderr).toMatch(/solver "iia-edm", asked for "biia-edm"/);
    expect((await draw("--solver", "ddim")).stderr).toMatch(/coefficients/);
    const other = await modelFolder("plain", { name: "other", prediction: "sample" });
    const same = await quench(["sample", other, "--coefficients", out, "--out", join(folder, "other.npy")]);
    // The network is the same file: its hash says so, whatever the folder calls it.
    expect(same.exitCode, same.stderr).toBe(0);
  });

  it("says what it can calibrate", async () => {
    const model = await modelFolder("plain");
    const folder = await temporaryFolder();
    const refused = await quench([
      "calibrate",
      "iia",
      model,
      "--solver",
      "ddpm",
      "--out",
      join(folder, "iia.json"),
    ]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/"ddpm" is stochastic/);
    const unknown = await quench([
      "calibrate",
      "iia",
      model,
      "--solver",
      "iia-edn",
      "--out",
      join(folder, "iia.json"),
    ]);
    expect(unknown.stderr).toMatch(/unknown solver "iia-edn"/);
  });
});
