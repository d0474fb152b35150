// LAS. Its figures, and which of our cells stand beside them.

/** Rows of one sampler on the four schedules. */
const block = (title, method, paper) => ({
  title,
  grid: "log-snr",
  rows: [
    ["LAS", method, paper.las, "las"],
    ["Time-uniform", method, paper.uniform, "uniform"],
    ["LogSNR", method, paper.logSnr, "log-snr"],
    ["EDM (ρ = 7)", method, paper.edm, "edm"],
  ],
});

const first = (schedule, method) => `${method} ${schedule}`;

export const tables = [
  {
    id: "las-table-1",
    title: "LAS Table 1: ImageNet-256, latent diffusion, guided",
    about:
      "50,000 samples, FID; its sFID and Inception scores order the schedules alike but for one cell. Here unguided; the weight c of LAS's axis is chosen on a pilot of other seeds, as in the paper",
    columns: [10, 20],
    blocks: [
      block("DDIM (η = 1)", "ddim-1", {
        las: [15.71, 8.56],
        uniform: [25.06, 9.44],
        logSnr: [68.89, 16.02],
        edm: [66.72, 17.42],
      }),
      block("SDE-DPM-Solver++ (2M)", "sde-dpm++2m", {
        las: [6.2, 6.67],
        uniform: [7.94, 7.65],
        logSnr: [10.54, 7.15],
        edm: [9.91, 7.36],
      }),
      block("DPM-Solver++ (2M)", "dpm++2m", {
        las: [4.59, 4.84],
        uniform: [5.53, 5.48],
        logSnr: [4.95, 4.98],
      }),
    ],
    claims: [
      ["DDIM (η = 1)", "ddim-1", 0],
      ["SDE-DPM-Solver++ (2M)", "sde-dpm++2m", 1],
      ["DPM-Solver++ (2M)", "dpm++2m", 2],
    ].map(([title, method, at]) => ({
      text: `with ${title}, LAS is better than uniform time, log-SNR and EDM's grid`,
      below: [
        first("las", method),
        [first("uniform", method), first("log-snr", method), first("edm", method)],
      ],
      block: at,
    })),
  },
];

/** Appendix G, negative mean log-likelihood of 20,000 samples; ours are in docs/schedules.md. */
export const toys = [
  {
    world: "circle8",
    rows: [
      ["DDIM (eta 1)", "las", [1.937, 1.639, 1.609]],
      ["DDIM (eta 1)", "time-uniform", [4.063, 2.408, 1.81]],
      ["DDIM (eta 1)", "edm", [6.748, 4.013, 2.546]],
      ["SDE-DPM-Solver++(2M)", "las", [1.721, 1.5, 1.574]],
      ["SDE-DPM-Solver++(2M)", "time-uniform", [3.314, 2.085, 1.662]],
      ["SDE-DPM-Solver++(2M)", "edm", [5.585, 7.272, 3.897]],
    ],
  },
  {
    world: "grid8",
    rows: [
      ["DDIM (eta 1)", "las", [2.077, 1.758, 1.65]],
      ["DDIM (eta 1)", "time-uniform", [4.31, 2.516, 1.849]],
      ["DDIM (eta 1)", "edm", [5.832, 4.047, 2.604]],
      ["SDE-DPM-Solver++(2M)", "las", [1.875, 1.569, 1.586]],
      ["SDE-DPM-Solver++(2M)", "time-uniform", [3.553, 2.188, 1.689]],
      ["SDE-DPM-Solver++(2M)", "edm", [5.319, 6.713, 3.82]],
    ],
  },
];
