import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { Turns } from "../../lib/calibrate/iia/turns.js";
import { temporaryFolder } from "../denoiser/support.js";

it("every run finds its own numbers in the memory they share", async () => {
  const turns = await Turns.open(5, 2);
  const runs = [turns.borrower(0, 5), turns.borrower(1, 3)];
  for (const [index, run] of runs.entries()) {
    for (const offset of [10, 20]) run.vector().fill(offset + index);
    await run.suspend();
  }
  const again = [turns.borrower(0, 5), turns.borrower(1, 3)];
  for (const [index, run] of again.entries()) {
    const vectors = [run.vector(), run.vector()];
    await run.resume();
    expect(vectors.map((vector) => [...new Set(vector)])).toEqual([[10 + index], [20 + index]]);
  }
  await turns.close();
});

it("without a temporary folder is an error of ours that names it", async () => {
  const { TMPDIR } = process.env;
  onTestFinished(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  });
  const nowhere = join(await temporaryFolder(), "nowhere");
  process.env.TMPDIR = nowhere;
  await expect(Turns.open(5, 2)).rejects.toMatchObject({ code: "WRITE_FAILED", where: nowhere });
});
