import { describe, expect, it } from "vitest";
import { functionDenoiser, worlds } from "../../lib/denoiser/index.js";
import { resolveRequest } from "../../lib/engine/index.js";
import { edm, type Process, scaledSigma, vpDiscrete, vpLinear } from "../../lib/process/index.js";
import { gridMaker, scheduleNames, schedules } from "../../lib/schedule/index.js";
import { gaussianRisk, geometric } from "./support.js";

const risk = gaussianRisk(geometric(0.005, 200, 300), 0.5);

function denoiser(process: Process, more: { hash?: string; integerTimes?: boolean } = {}) {
  const made = functionDenoiser({ process, prediction: "epsilon", shape: [1], evaluate: () => {} });
  return { ...made, ...more };
}

describe("a risk curve in a sample request", () => {
  const resolve = (grid: object, hash?: string) =>
    resolveRequest(denoiser(vpLinear(), hash === undefined ? {} : { hash }), {
      grid: grid as never,
      steps: 5,
    });

  it.each([
    [{ schedule: "las" }, /grid\.risk: schedule "las" needs/],
    [{ schedule: "edm", risk }, /grid\.risk: schedule "edm" takes no risk/],
    [{ schedule: "las", risk, quadrature: "left" }, /grid\.quadrature/],
    [{ schedule: "las", risk: { ...risk, sigma: [1, 3, 2] } }, /risk\.sigma\.2: expected increasing/],
    [{ schedule: "las", risk: { ...risk, risk: [1, -3, 2] } }, /risk\.risk\.1/],
    [{ schedule: "las", risk, beam: { width: 0 } }, /beam\.width/],
    [{ schedule: "rescaled-entropic", risk, smoothness: 1 }, /grid\.smoothness/],
  ])("%#: is checked before any model call", (grid, message) => {
    expect(() => resolve(grid)).toThrow(message);
  });

  it("must be of the same model, unless forced", () => {
    const other = { ...risk, model: { name: "other", sha256: "a".repeat(64) } };
    const grid = { schedule: "las", risk: other };
    expect(() => resolve(grid, "b".repeat(64))).toThrow(/measured on the model "other"/);
    expect(resolve(grid, "A".repeat(64)).grid.levels).toHaveLength(6);
    expect(resolve({ ...grid, allowOtherModel: true }, "b".repeat(64)).grid.levels).toHaveLength(6);
    expect(() => resolve(grid)).toThrow(/asked for the model "function" \(no hash\)/);
    const unnamed = { ...other, model: { sha256: other.model.sha256 } };
    expect(resolve({ ...grid, risk: unnamed }).grid.levels).toHaveLength(6);
  });
});

describe("names that every object answers to", () => {
  it.each(["__proto__", "constructor", "toString"])("%s is no schedule and no world", (name) => {
    expect(() => resolveRequest(denoiser(vpLinear()), { grid: name })).toThrow(/unknown schedule/);
    expect(schedules[name]).toBeUndefined();
    expect(worlds[name]).toBeUndefined();
  });
});

describe("timesteps", () => {
  const discrete = vpDiscrete();
  const timesOf = (schedule: string, steps: number, options = {}) => {
    const needsRisk = schedules[schedule]!.options.includes("risk") && schedule !== "spectral-entropic";
    return gridMaker(discrete, { schedule, ...(needsRisk ? { risk } : {}), ...options })(steps)
      .levels.filter(({ sigma }) => sigma > 0)
      .map(({ modelTime }) => modelTime);
  };

  it("spacings of a discrete process", () => {
    expect(timesOf("leading", 4)).toEqual([750, 500, 250, 0].map((n) => expect.closeTo(n, 6)));
    expect(timesOf("trailing", 4)).toEqual([999, 749, 499, 249].map((n) => expect.closeTo(n, 6)));
    // 812.5 and 312.5 go to the even neighbour, as NumPy rounds them.
    expect(timesOf("trailing", 16).filter((_, i) => i % 8 === 3)).toEqual(
      [811, 311].map((n) => expect.closeTo(n, 6)),
    );
    expect(timesOf("linspace", 4)).toEqual([999, 666, 333, 0].map((n) => expect.closeTo(n, 6)));
    expect(gridMaker(discrete, "trailing")(4).levels.at(-1)!.sigma).toBe(0);
    expect(() => gridMaker(vpLinear(), "leading")(4)).toThrow(/no timesteps/);
    expect(() => gridMaker(discrete, "leading")(1002)).toThrow(/1000 timesteps/);
  });

  it("fit as many steps as there are timesteps where the last goes to zero, and one less else", () => {
    const model = { ...denoiser(vpDiscrete()), integerTimes: true };
    const steps = (count: number, grid: object) =>
      resolveRequest(model, { grid: grid as never, steps: count, solver: "ddim" }).grid.levels.length - 1;
    for (const schedule of ["trailing", "log-snr"]) {
      expect(steps(1000, { schedule, final: "zero" })).toBe(1000);
      expect(steps(999, { schedule, final: "min" })).toBe(999);
      expect(() => steps(1000, { schedule, final: "min" })).toThrow(
        /steps: the grid's 1001 noisy levels do not fit on the model's 1000 timesteps: at most 1000 steps to zero/,
      );
    }
  });

  it("sgm-uniform drops the cleanest of N + 1 nodes and ends at zero", () => {
    const { levels } = gridMaker(vpLinear(), "sgm-uniform")(4);
    const times = [1, 0.75, 0.5, 0.25].map((f) => 1e-3 + (1 - 1e-3) * f);
    expect(levels.slice(0, -1).map(({ t }) => t)).toEqual(times.map((t) => expect.closeTo(t, 10)));
    expect(levels.at(-1)!.sigma).toBe(0);
  });

  it("beta is symmetric in time and denser at both ends", () => {
    const times = gridMaker(vpLinear(), "beta")(8).levels.map(({ t }) => t);
    expect(times[4]).toBeCloseTo((1 + 1e-3) / 2, 10);
    expect(times[0]! - times[1]!).toBeLessThan(times[3]! - times[4]!);
    expect(times[0]! - times[1]!).toBeCloseTo(times[7]! - times[8]!, 10);
  });

  const everywhere = scheduleNames().filter((name) => !["spectral-entropic", "iddpm", "las"].includes(name));
  it.each(everywhere)("%s on a model of integer times: whole, distinct, falling", (name) => {
    const model = denoiser(discrete, { integerTimes: true });
    const takesRisk = schedules[name]!.options.includes("risk");
    for (const steps of [1, 10, 300, 999]) {
      const grid = { schedule: name, ...(takesRisk ? { risk } : {}) };
      const { levels } = resolveRequest(model, { grid, steps }).grid;
      const noisy = levels.filter(({ sigma }) => sigma > 0);
      const whole = noisy.map(({ modelTime }) => Math.round(modelTime));
      noisy.forEach(({ modelTime }, k) => {
        expect(modelTime).toBeCloseTo(whole[k]!, 6);
      });
      whole.slice(1).forEach((n, k) => {
        expect(n).toBeLessThan(whole[k]!);
      });
      expect(whole.at(-1)).toBeGreaterThanOrEqual(0);
      expect(whole[0]).toBeLessThanOrEqual(999);
      expect(levels.at(-1)).toBe(noisy.length === levels.length ? noisy.at(-1) : discrete.clean);
    }
  });

  it("las on a model of integer times", () => {
    const times = timesOf("las", 40, { timesteps: "integer" }).map((n) => Math.round(n));
    expect(new Set(times).size).toBe(41);
  });

  it("only a discrete process has whole timesteps", () => {
    const make = gridMaker(vpLinear(), { schedule: "log-snr", timesteps: "integer" });
    expect(() => make(5)).toThrow(/no timesteps/);
  });

  it("a model of integer times and its solver agree on the noise", () => {
    const { levels } = gridMaker(discrete, { schedule: "log-snr", timesteps: "integer" })(10);
    for (const level of levels) {
      const squared = discrete.alphasCumulative![Math.round(level.modelTime)]!;
      expect(scaledSigma(level)).toBeCloseTo(Math.sqrt((1 - squared) / squared), 8);
    }
  });
});

it.each([
  { schedule: "edm", rho: 0.001 },
  { schedule: "edm", rho: 1e-5 },
])("%j, whose levels overflow, is refused before any model call", (grid) => {
  const model = denoiser(edm());
  expect(() => resolveRequest(model, { grid, steps: 5 })).toThrow(/grid: schedule "edm".* do not fall/);
});
