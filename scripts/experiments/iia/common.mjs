import { carryOut } from "../../../dist/calibrate/iia/calibrate.js";
import { planOf } from "../../../dist/calibrate/iia/plan.js";
import { gaussianMixture, loadModel, vpLinear } from "../../../dist/index.js";
import { mean } from "../../../dist/metrics/mean.js";
import { table } from "../../markdown.mjs";
import { savedResults, saveResults } from "../common.mjs";

/** Five Gaussians of unequal weight and width in eight dimensions, with trajectories that bend. */
const world = {
  name: "five-in-eight",
  shape: [2, 2, 2],
  weights: [0.3, 0.25, 0.2, 0.15, 0.1],
  means: [
    [1, -1, 0.5, 0.2, -0.4, 0.9, 0, 0.3],
    [-0.8, 0.6, 1, -0.5, 0.1, -0.2, 0.7, -1],
    [0.2, 0.9, -0.7, 1, 0.6, 0.4, -0.9, 0.1],
    [-0.3, -0.4, -1, -0.8, 0.9, -0.6, 0.2, 0.8],
    [0.6, 0.1, 0.3, -0.9, -1, 0.5, 0.4, -0.7],
  ],
  stds: [0.2, 0.3, 0.15, 0.25, 0.2],
};

export const edmMixture = gaussianMixture(world);
export const vpMixture = gaussianMixture({ ...world, process: vpLinear({}), prediction: "epsilon" });

/** EDM's grid and last step to zero for the Heun members; log-SNR for those in noise prediction or half-log-SNR. */
export const edmGrid = { schedule: "edm", final: "zero" };
export const logSnrGrid = { schedule: "log-snr" };

/** A bundled model, by its folder's name. */
export const bundled = (name) => loadModel(new URL(`../../../models/${name}`, import.meta.url).pathname);

/** Averages over the steps, as the paper's tables have them. */
export function averages({ steps, cost, solver, settings }) {
  const of = (name) => mean(steps.map((step) => step[name]));
  return {
    solver,
    settings,
    steps: steps.length,
    base: of("baseResidual"),
    residual: of("residual"),
    freshBase: of("freshBaseResidual"),
    fresh: of("freshResidual"),
    everyStepNoLarger: steps.every(({ residual, baseResidual }) => residual <= baseResidual * (1 + 1e-6)),
    cost,
  };
}

/** The base's residual along its own trajectory, to which the paper compares. */
export async function ofBaseItself(denoiser, options) {
  const plan = planOf(denoiser, options);
  const start = (run, given) => {
    const formStep = plan.member.start(run, given);
    return async (step, x) => ({ ...(await formStep(step, x)), quantities: [] });
  };
  return averages(await carryOut(denoiser, { ...plan, member: { ...plan.member, start } }));
}

/**
 * Saves what a command found as results/<name>.json; `tables.mjs` puts its tables into docs/iia.md. Every such file has
 *   command, date   how (in one go: `options`, where it was done in several) and when (year and month) it was made
 *   settings        what holds for all of it
 *   tables          {title, header, rows}: what the page shows, as text
 *   results         the same and more as numbers, one object per row; the head of each script says of what
 */
export function save(name, settings, results, tables, options) {
  saveResults(name, { settings, tables, results }, options);
}

/** What was saved under a name with the same settings, for a command that goes on where it was. */
export function saved(name, settings) {
  const found = savedResults(name);
  return JSON.stringify(found?.settings) === JSON.stringify(settings) ? found : undefined;
}

/** A table of a result as Markdown. */
export const markdown = ({ header, rows }) => table(header, rows);

export const short = (value) => (value === 0 ? "0" : value.toPrecision(3));
