import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { loadCheckpoint, saveCheckpoint } from "../../lib/calibrate/checkpoint.js";
import { keepingWork } from "../../lib/io/kept-work.js";
import { Work } from "../../lib/tune/work.js";
import { temporaryFolder } from "../denoiser/support.js";

/** The warnings of the process while something runs. */
async function warningsOf(run: () => Promise<unknown>): Promise<string[]> {
  const messages: string[] = [];
  const listen = ({ message }: Error) => void messages.push(message);
  process.on("warning", listen);
  onTestFinished(() => void process.off("warning", listen));
  await run();
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", listen);
  return messages;
}

test.each<[string, (path: string, identity: string) => Promise<unknown>]>([
  ["a search", (path, identity) => Work.open(path, identity)],
  [
    "a calibration",
    async (path, identity) => {
      await loadCheckpoint(path, identity, z.array(z.number()));
      await saveCheckpoint(path, identity, [1]);
    },
  ],
])("the kept work of %s is discarded by another one, which says so", async (_, open) => {
  const path = join(await temporaryFolder(), ".out.json.checkpoint");
  expect(await warningsOf(() => open(path, "four calls"))).toEqual([]);
  expect(await warningsOf(() => open(path, "four calls"))).toEqual([]);
  const said = [expect.stringContaining(`${path} keeps the work of another command`)];
  expect(await warningsOf(() => open(path, "five calls"))).toEqual(said);
  expect(await readFile(path, "utf8")).toContain("five calls");
  await writeFile(path, "{}");
  expect(await warningsOf(() => open(path, "five calls"))).toEqual(said);
});

test("work is kept until what came of it is saved", async () => {
  const checkpoint = join(await temporaryFolder(), ".out.json.checkpoint");
  const work = async () => {
    await saveCheckpoint(checkpoint, "work", [1]);
    return "found";
  };
  const full = async () => Promise.reject(new Error("the disk is full"));
  await expect(keepingWork({ checkpoint, save: full }, work)).rejects.toThrow("the disk is full");
  expect(existsSync(checkpoint)).toBe(true);
  let saved = "";
  const save = async (found: string) => {
    expect(existsSync(checkpoint)).toBe(true);
    saved = found;
  };
  expect(await keepingWork({ checkpoint, save }, work)).toBe("found");
  expect(saved).toBe("found");
  expect(existsSync(checkpoint)).toBe(false);
});
