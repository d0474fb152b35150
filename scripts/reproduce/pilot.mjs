// Chooses LAS's c for a model and sampler on a pilot of other seeds, as LAS Section 6.2 does: the tables' samples have no
// part in it.
import { measure, savedWith, saveResults } from "./run.mjs";
import { savedResults } from "./saved.mjs";

const axes = [0.3, 1, 3, 10, 30];
const pilot = { samples: 160, seeds: [99], nfe: [10] };
/** Samplers that the tables run on LAS. */
const samplers = ["ddim-1", "ddim", "sde-dpm++2m", "dpm++2m"];

/** @returns c by method; what is saved already is taken */
export async function lasAxes(name, subject, settings) {
  const { hash, metrics } = subject;
  const saved = savedResults(name);
  if (saved.las && saved.hash === hash && saved.samples === settings.samples)
    return Object.fromEntries(Object.entries(saved.las).map(([method, { axis }]) => [method, axis]));
  const trials = Object.fromEntries(samplers.map((method) => [method, []]));
  for (const axis of axes) {
    const wanted = samplers.map((method) => ({
      name: `${method}, c ${axis}`,
      method,
      grid: "las",
      guidance: 1,
      ...pilot,
    }));
    const cells = await measure({ ...subject, metrics: metrics.slice(0, 1) }, wanted, {
      ...settings,
      ...pilot,
      axis: Object.fromEntries(samplers.map((method) => [method, axis])),
    });
    for (const method of samplers) {
      const { value } = cells.get(`${method}, c ${axis} at ${pilot.nfe[0]}`).metrics[metrics[0]];
      trials[method].push({ axis, value });
    }
  }
  const las = Object.fromEntries(
    Object.entries(trials).map(([method, tried]) => {
      const best = tried.reduce((a, b) => (b.value < a.value ? b : a));
      return [method, { axis: best.axis, tried }];
    }),
  );
  await saveResults(name, { hash, metrics, ...savedWith(settings) }, (results) => ({ ...results, las }));
  return Object.fromEntries(Object.entries(las).map(([method, { axis }]) => [method, axis]));
}
