// The papers' methods and grids in Quench's names. All are asked for a number of model calls and take as many steps as it
// allows: Heun's method, which ends at zero noise, 2N - 1 calls for N steps.

const solver = (name, options = {}) => ({ name, ...options });

const plain = {
  // First order, stochastic and deterministic.
  ddim: solver("ddim"),
  "ddim-1": solver("ddim", { eta: 1 }),
  ddpm: solver("ddpm"),
  "predictor-corrector": solver("predictor-corrector"),

  // Multi-step solvers that the papers compare with.
  "dpm++2m": solver("dpm-solver++-2m"),
  "dpm++3m": solver("dpm-solver++-3m"),
  dpm2m: solver("dpm-solver-2m"),
  "sde-dpm++2m": solver("sde-dpm-solver++-2m"),
  "unipc-2": solver("unipc", { order: 2 }),
  "unipc-3": solver("unipc", { order: 3 }),
  deis: solver("deis-tab"),
  ipndm: solver("ipndm"),
  "f-pndm": solver("f-pndm"),
  era: solver("era"),
  heun: solver("edm-heun"),

  // Single steps. Finite differences as RE Eq. 3.7 has them: SciRE-Solver's step with its factor phi(1) = 1.
  "fd-2s": solver("scire-2", { differenceTerms: 1 }),
  dpm2s: solver("dpm-solver-2s"),
  dpm3s: solver("dpm-solver-3s"),
  "re-2s": solver("re-2s", { pair: "constant" }),
  "re-2s-snr": solver("re-2s", { pair: "snr" }),
  "re-3s-snr": solver("re-3s", { pair: "snr" }),

  // Reduced entropy in several steps, by ingredient and as printed; EVODiff's published code, whose last step we take by
  // DDIM, and with its own.
  "re-prior": solver("re-multi-step", { weight: "prior" }),
  "re-balanced": solver("re-multi-step", { weight: "balanced" }),
  "re-mixed": solver("re-multi-step", { gradient: "mixed", weight: "prior", ratio: "refined" }),
  re: solver("evodiff", { variant: "paper" }),
  "re-refined": solver("evodiff", { variant: "paper", ratio: "refined" }),
  "re-mu-0.25": solver("evodiff", { variant: "paper", shift: 0.25 }),
  "re-mu-0.75": solver("evodiff", { variant: "paper", shift: 0.75 }),
  evodiff: solver("evodiff", { variant: "released" }),
  "evodiff-published": solver("evodiff", { variant: "released", lastStep: "released" }),
  "evodiff-refined": solver("evodiff", { variant: "released", ratio: "refined" }),
};

/** Methods that must know something of the model, by what `modelStatistics` measured. */
const informed = {
  "analytic-ddpm": ({ gamma }) => solver("analytic-ddpm", { gamma }),
  "analytic-ddim": ({ gamma }) => solver("analytic-ddim", { gamma }),
  "v3-2": ({ statistics }) => solver("dpm-solver-v3", { statistics }),
  "v3-3": ({ statistics }) => solver("dpm-solver-v3", { statistics, order: 3 }),
  "re-v3": ({ statistics }) => solver("dpm-solver-v3", { statistics, corrector: "reduced-entropy" }),
};

export const needsStatistics = (method) => method in informed;

/** The solver of a request. */
export function solverOf(method, statistics) {
  if (needsStatistics(method)) return informed[method](statistics);
  if (!(method in plain)) throw new Error(`no method is named "${method}"`);
  return plain[method];
}

/**
 * The grid of a request. "uniform" is uniform in the process's own time, and for EDM models, whose time is sigma itself
 * and which no paper samples uniformly, in the time of the linear VP process.
 *
 * @param about {process, risk, axis}: the model's process, its risk curve, and LAS's c as the pilot chose it
 */
export function gridOf(name, { process, risk, axis }) {
  const [schedule, end] = name.split("/");
  const made = {
    "log-snr": { schedule: "log-snr" },
    edm: { schedule: "edm" },
    uniform: { schedule: process.type === "edm" ? "vp" : "time-uniform" },
    vp: { schedule: "vp" },
    entropic: { schedule: "entropic", risk },
    rescaled: { schedule: "rescaled-entropic", risk },
    spectral: { schedule: "spectral-entropic", risk },
    las: { schedule: "las", risk, axis },
  }[schedule];
  if (!made) throw new Error(`no grid is named "${name}"`);
  return end === "zero" ? { ...made, final: "zero" } : made;
}
