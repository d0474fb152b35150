import { expect, test } from "vitest";
import { edm, functionDenoiser, sample, solvers } from "../../lib/index.js";
import { otherNames } from "../../lib/solver/other-names.js";

const digits = Array.from({ length: 10 }, (_, i) => String(i));
const model = functionDenoiser({
  process: edm(),
  prediction: "sample",
  shape: [1],
  classes: digits,
  nullClass: 10,
  evaluate: ({ output }) => void output.fill(0),
});
const errorOf = (request: object) =>
  sample(model, request as never).then(
    () => undefined,
    (error: Error & { where?: string }) => [error.where, error.message],
  );

test.each<[object, string, string]>([
  [{ solver: "ddym" }, "solver", 'unknown solver "ddym"; did you mean "ddim"?'],
  [{ grid: "log-snt" }, "grid", 'unknown schedule "log-snt"; did you mean "log-snr"?'],
  [{ grid: { schedule: "log-snt" } }, "grid", 'did you mean "log-snr"?'],
  [{ grid: [80, 1, 0] }, "request.grid", "expected a schedule's name, { schedule: name, ... }, { sigma:"],
  [{ labels: null }, "request.labels", "expected a class, or an array of one class per sample"],
  [{ labels: [11] }, "labels[0]", "expected a class in [0, 9], or 10 for none, received 11"],
  [{ seed: 2 ** 60 }, "request.seed", "up to 2^64 - 1 as a bigint or a decimal string"],
  [{ labels: 10, guidance: 2 }, "guidance", "without a class guidance changes nothing"],
])("%j", async (request, where, message) => {
  expect(await errorOf(request)).toEqual([where, expect.stringContaining(message)]);
});

test("levels may come in a typed array", async () => {
  const levels = [80, 5, 1, 0];
  const plain = await sample(model, { grid: { sigma: levels } });
  const typed = await sample(model, { grid: { sigma: Float64Array.from(levels) } } as never);
  expect(typed.times).toEqual(plain.times);
});

test.each(Object.entries(otherNames))("%s is what others call %j", async (name, others) => {
  expect(solvers.has(name)).toBe(true);
  for (const other of others)
    expect(await errorOf({ solver: other })).toEqual([
      "solver",
      expect.stringContaining(`did you mean "${name}"?`),
    ]);
});

test("names of other programs, however they are spelt", async () => {
  for (const [other, name] of [
    ["DPM++ 2M Karras", "dpm-solver++-2m"],
    ["sample_dpmpp_2m_sde_gpu", "sde-dpm-solver++-2m"],
    ["Euler a", "euler-ancestral"],
    ["UniPC", "unipc"],
    ["dpm_solver++_2m", "dpm-solver++-2m"],
  ])
    expect(await errorOf({ solver: other })).toEqual([
      "solver",
      expect.stringContaining(`did you mean "${name}"?`),
    ]);
});
