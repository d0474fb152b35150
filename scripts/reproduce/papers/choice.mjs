// What a user chooses between: one model call a step, the schedules that Quench has.
const columns = [4, 5, 6, 8, 10, 12, 20];
const solvers = {
  "dpm++2m": "dpm-solver++-2m",
  "unipc-3": "unipc",
  evodiff: "evodiff",
  deis: "deis-tab",
  ipndm: "ipndm",
};

/** What the grids of these tables are called in a request. */
export const schedules = {
  "log-snr": "log-snr",
  edm: "edm",
  rescaled: "rescaled-entropic",
  las: "las",
};

/** What the methods of these tables are called in a request. */
export const solverNames = solvers;

const block = (grid, methods) => ({
  title: schedules[grid],
  grid,
  rows: methods.map((method) => [solvers[method], method]),
});

export const tables = [
  {
    id: "choice",
    title: "Solvers and schedules against each other",
    columns,
    oneContest: true,
    blocks: [
      block("log-snr", Object.keys(solvers)),
      block("edm", Object.keys(solvers)),
      block("rescaled", Object.keys(solvers)),
      block("las", ["dpm++2m", "evodiff", "deis"]),
    ],
    claims: [],
  },
];
