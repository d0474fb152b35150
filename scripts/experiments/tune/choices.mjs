// Fixed choices of solver and grid that presets are compared with.

const edm = { schedule: "edm", final: "zero" };

/** What a user might take without measuring; of a model with a risk curve also schedules that follow it. */
export function unmeasuredChoices({ risk }) {
  const choices = {
    "DDIM, EDM grid": { solver: "ddim", grid: edm },
    "DPM-Solver++ 2M, log-SNR": { solver: "dpm-solver++-2m", grid: "log-snr" },
    "DPM-Solver++ 2M, EDM grid": { solver: "dpm-solver++-2m", grid: edm },
    "DPM-Solver++ 3M, EDM grid": { solver: "dpm-solver++-3m", grid: edm },
    "UniPC, log-SNR": { solver: "unipc", grid: "log-snr" },
    "UniPC order 2, EDM grid": { solver: { name: "unipc", order: 2 }, grid: edm },
    "iPNDM, EDM grid": { solver: "ipndm", grid: edm },
    "DEIS tAB, EDM grid": { solver: "deis-tab", grid: edm },
    "EVODiff as published, EDM grid": { solver: { name: "evodiff", variant: "released" }, grid: "edm" },
    "EVODiff, log-SNR": { solver: "evodiff", grid: "log-snr" },
    "RE multi-step, EDM grid": { solver: "re-multi-step", grid: edm },
    "Heun, EDM grid": { solver: "edm-heun", grid: edm, calls: (nfe) => (nfe + 1) >> 1 },
  };
  if (!risk) return choices;
  return {
    ...choices,
    "DDIM, LAS c = 1": { solver: "ddim", grid: { schedule: "las", risk, axis: 1, final: "zero" } },
    "iPNDM, LAS c = 1": { solver: "ipndm", grid: { schedule: "las", risk, axis: 1, final: "zero" } },
    "DEIS tAB, rescaled entropic": {
      solver: "deis-tab",
      grid: { schedule: "rescaled-entropic", risk, final: "zero" },
    },
  };
}

/** What only measuring shows: pairs that were best at some number of calls on a model that is measured here (docs/results.md). */
export function measuredChoices({ risk }) {
  const choices = {
    "DEIS tAB, EDM grid, last step above 0": { solver: "deis-tab", grid: "edm" },
    "DPM-Solver++ 2M, EDM grid, last step above 0": { solver: "dpm-solver++-2m", grid: "edm" },
    "DEIS tAB, VP grid": { solver: "deis-tab", grid: "vp" },
    "DPM-Solver++ 2M, VP grid": { solver: "dpm-solver++-2m", grid: "vp" },
    "UniPC, VP grid": { solver: "unipc", grid: "vp" },
  };
  if (!risk) return choices;
  const [entropic, adaptive] = [
    { schedule: "rescaled-entropic", risk },
    { schedule: "las", risk, axis: 0.3 },
  ];
  return {
    ...choices,
    "DPM-Solver++ 2M, rescaled entropic, last step above 0": { solver: "dpm-solver++-2m", grid: entropic },
    "UniPC, rescaled entropic, last step above 0": { solver: "unipc", grid: entropic },
    "DPM-Solver++ 2M, LAS c = 0.3": { solver: "dpm-solver++-2m", grid: adaptive },
    "EVODiff, LAS c = 0.3": { solver: "evodiff", grid: adaptive },
  };
}
