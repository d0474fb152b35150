import { setTimeout as after } from "node:timers/promises";
import { expect, it } from "vitest";
import { Engine, gaussianMixture, recordedNoise, sample } from "../../lib/index.js";

const mixture = gaussianMixture({ shape: [2], weights: [1], means: [[0, 0]], stds: [0.5] });
const request = { solver: { name: "ddim", eta: 1 }, steps: 4, seed: 3 } as const;

it("refuses noise that comes as a promise, or only in part", async () => {
  const late = { fill: async (into: { fill(value: number): unknown }) => void into.fill(1) };
  await expect(sample(mixture, { ...request, noise: late })).rejects.toMatchObject({
    ...{ code: "INVALID_ARGUMENT", where: "noise.fill" },
    message: expect.stringMatching(/promise/),
  });
  const partly = { fill: (into: Float32Array | Float64Array) => void into.fill(1, 0, 1) };
  await expect(sample(mixture, { ...request, noise: partly })).rejects.toMatchObject({
    ...{ code: "INVALID_ARGUMENT" },
    message: expect.stringMatching(/received NaN in row 0, element 1/),
  });
});

it("refuses recorded noise that is no list of draws", () => {
  const refused = expect.objectContaining({ code: "INVALID_ARGUMENT", where: "noise" });
  expect(() => recordedNoise(new Float32Array(2) as never)).toThrow(refused);
});

it("waits for an observer, whose failure is the request's", async () => {
  const seen: string[] = [];
  const onStep = async ({ index }: { readonly index: number }) => {
    seen.push(`begun ${index}`);
    await after(1);
    seen.push(`done ${index}`);
    if (index === 1) throw new Error("the observer's own");
  };
  const expected = ["begun 0", "done 0", "begun 1", "done 1"];
  await expect(sample(mixture, { ...request, onStep })).rejects.toThrow("the observer's own");
  expect(seen.splice(0)).toEqual(expected);
  const engine = new Engine(mixture);
  await expect(engine.sample({ ...request, onStep })).rejects.toThrow("the observer's own");
  expect(seen).toEqual(expected);
  expect((await engine.sample(request)).data).toEqual((await sample(mixture, request)).data);
  await engine.close();
});
