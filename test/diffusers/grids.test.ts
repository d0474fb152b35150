import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromSchedulerConfig } from "../../lib/diffusers/index.js";

interface GoldenCase {
  readonly id: string;
  readonly dtype: string;
  readonly prediction: string;
  readonly solver: Record<string, unknown>;
  readonly steps: number;
  readonly timesteps: number[];
  readonly sigmas?: number[];
  readonly model_time: string;
  readonly model_sigma?: (number | null)[];
  readonly init_noise_sigma: number;
}

const { cases } = JSON.parse(
  readFileSync(new URL("../golden/diffusers.worldA.json", import.meta.url), "utf8"),
) as { cases: GoldenCase[] };

const planOf = ({ solver, prediction, steps }: GoldenCase) => {
  const { name: _, scheduler, step_kwargs: kwargs, ...options } = solver;
  return fromSchedulerConfig(
    { ...options, ...(kwargs as object), _class_name: scheduler, prediction_type: prediction },
    steps,
  );
};

describe("timesteps and noise levels of diffusers' schedulers", () => {
  it.each(cases)("$id", (golden) => {
    const plan = planOf(golden);
    const single = golden.dtype.startsWith("float32");
    const close = (got: number, wanted: number) =>
      Math.abs(got - wanted) <= (single ? 1e-4 : 1e-12) * Math.abs(wanted);
    expect(plan.timesteps.length).toBe(golden.timesteps.length);
    for (const [i, t] of plan.timesteps.entries()) {
      const error = Math.abs(t - golden.timesteps[i]!);
      expect(error, `timestep ${i}`).toBeLessThanOrEqual(single ? 1e-3 : 1e-9);
    }
    expect(close(plan.initNoiseSigma, golden.init_noise_sigma)).toBe(true);
    if (golden.sigmas) {
      expect(plan.sigmas?.length).toBe(golden.sigmas.length);
      for (const [i, sigma] of plan.sigmas!.entries()) {
        expect(close(sigma, golden.sigmas[i]!), `sigma ${i}: ${sigma}, ${golden.sigmas[i]}`).toBe(true);
      }
    }
  });
});
