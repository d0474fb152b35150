import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { claiming } from "../../lib/io/claim.js";
import { digits, emptyFolder, modelFolder, quench } from "./run-quench.js";

const lasting: [string, string, ...string[]][] = [
  ["tune", "checkpoint", "--nfe", "4", "--budget", "9000", "--batch", "32"],
  ["calibrate risk", "checkpoint", "--self", "64", "--levels", "8", "--batch", "1"],
  ["calibrate iia", "checkpoint", "--solver", "ddim", "--steps", "4", "--samples", "64", "--batch", "1"],
];

test.each(lasting)("a file that appears while quench %s runs stays", async (command, _, ...options) => {
  const [path, folder] = [modelFolder("plain.onnx"), emptyFolder()];
  const out = join(folder, "out.json");
  const running = quench([...command.split(" "), path, "--out", out, ...options]);
  while (readdirSync(folder).length === 0) await sleep(1);
  expect(existsSync(out)).toBe(false);
  writeFileSync(out, "another's");
  const { exitCode, stderr } = await running;
  expect(stderr).toMatch(/a file of that name has appeared in the meantime/);
  expect(exitCode).not.toBe(0);
  expect(readFileSync(out, "utf8")).toBe("another's");
  // What was found is not lost: to be written over it, it takes no model call more.
  expect(readdirSync(folder).sort()).toEqual([".out.json.checkpoint", "out.json"]);
});

test.each(lasting)(
  "quench %s leaves alone the work that another run keeps",
  async (command, kind, ...options) => {
    const [path, folder] = [modelFolder("plain.onnx"), emptyFolder()];
    const kept = join(folder, `.out.json.${kind}`);
    writeFileSync(kept, "another's");
    const run = () => quench([...command.split(" "), path, "--out", join(folder, "out.json"), ...options]);
    const { exitCode, stderr } = await claiming(kept, run);
    expect(stderr).toMatch(new RegExp(`out.json.${kind}: process ${process.pid} writes here`));
    expect(exitCode).not.toBe(0);
    expect(readdirSync(folder)).toEqual([`.out.json.${kind}`]);
    expect(readFileSync(kept, "utf8")).toBe("another's");
  },
);

test.each(["race.npy", "race.npz", "race.png", "race"])(
  "of two draws into %s one is written, and the other says so",
  async (name) => {
    const folder = emptyFolder();
    const draw = (seed: string, ...more: string[]) =>
      quench(["sample", digits, "--steps", "2", "--seed", seed, "--out", join(folder, name), ...more]);
    const both = await Promise.all([draw("1"), draw("2")]);
    expect(both.filter(({ exitCode }) => exitCode === 0)).toHaveLength(1);
    expect(both.map(({ stderr }) => stderr).join("")).toMatch(/has appeared in the meantime/);
    expect(readdirSync(folder)).toEqual([name]);
    const forced = await Promise.all([draw("1", "--force"), draw("2", "--force")]);
    expect(forced.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  },
);
