// What a user chooses between: one model call a step, the schedules that Quench has.
const columns = [4, 5, 6, 8, 10, 12, 20];
const solvers = {
  "dpm++2m": { name: "dpm-solver++-2m" },
  "unipc-3": { name: "unipc" },
  re: { name: "evodiff" },
  deis: { name: "deis-tab" },
  ipndm: { name: "ipndm" },
};

/** What the grids of these tables are called in a request. */
export const schedules = {
  "log-snr": "log-snr",
  edm: "edm",
  vp: "vp",
  rescaled: "rescaled-entropic",
  las: "las",
};

/** The methods of these tables in a request. */
export const solverRequests = solvers;

/** A method's solver by name. */
export const solverName = (method) => solvers[method].name;

/** Those that must know the model's risk curve. */
export const informed = new Set(["rescaled", "las"]);

const block = (grid, methods) => ({
  title: schedules[grid],
  grid,
  rows: methods.map((method) => [solverName(method), method]),
});

export const tables = [
  {
    id: "choice",
    title: "Solvers and schedules against each other",
    columns,
    oneContest: true,
    informed,
    blocks: [
      block("log-snr", Object.keys(solvers)),
      block("edm", Object.keys(solvers)),
      block("vp", Object.keys(solvers)),
      block("rescaled", Object.keys(solvers)),
      block("las", ["dpm++2m", "re", "deis"]),
    ],
    claims: [],
  },
];
