// Results that arrive while the environment they were asked in ends: nobody is there to take them.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const script = new URL("./settling-worker.mjs", import.meta.url);

/** In a process of its own: what is tested is that it survives. */
async function inProcess(program: string): Promise<string> {
  const source = `
    import { once } from "node:events";
    import { Worker } from "node:worker_threads";
    const start = (thenExit) =>
      new Worker(new URL(${JSON.stringify(script.href)}), { execArgv: [], workerData: { thenExit } });
    ${program}
    console.log("survived");`;
  const arguments_ = ["--input-type=module", "-e", source];
  return (await promisify(execFile)(process.execPath, arguments_)).stdout;
}

it("workers exit with results waiting", async () => {
  const program = `
    for (let round = 0; round < 5; round++)
      await Promise.all([1, 2, 3].map(() => once(start(true), "exit")));`;
  expect(await inProcess(program)).toBe("survived\n");
});

it("workers are terminated at any moment while results arrive", async () => {
  const program = `
    let state = 7; // of a linear congruential generator: delays in milliseconds, the same in every run
    const delay = () => ((state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31) * 12;
    for (let round = 0; round < 15; round++)
      await Promise.all([1, 2, 3].map(async () => {
        const worker = start(false);
        await once(worker, "message");
        await new Promise((resolve) => setTimeout(resolve, delay()));
        await worker.terminate();
      }));`;
  expect(await inProcess(program)).toBe("survived\n");
});
