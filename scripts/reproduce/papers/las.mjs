// LAS. Its figures, and which of our cells stand beside them.

/** Rows of one sampler on the four schedules. */
const block = (title, method, paper) => ({
  title,
  grid: "log-snr",
  rows: [
    ["LAS", method, paper.las.fid, "las", paper.las],
    ["Time-uniform", method, paper.uniform.fid, "uniform", paper.uniform],
    ["LogSNR", method, paper.logSnr.fid, "log-snr", paper.logSnr],
    ["EDM (ρ = 7)", method, paper.edm?.fid, "edm", paper.edm],
  ],
});

const grids = { uniform: "uniform time", "log-snr": "log-SNR", edm: "EDM's grid" };

const better = (title, method, others, at) => {
  const words = others.map((grid) => grids[grid]);
  const last = words.pop();
  return {
    text: `with ${title}, LAS is better than ${[words.join(", "), last].filter(Boolean).join(" and ")}`,
    below: [`${method} las`, others.map((grid) => `${method} ${grid}`)],
    block: at,
  };
};

export const tables = [
  {
    id: "las-table-1",
    title: "LAS Table 1: ImageNet-256, latent diffusion; guided in the paper, unguided here",
    about:
      "50,000 samples with classifier guidance; ours are without guidance. The weight c of LAS's axis is chosen on a pilot of other seeds, as in the paper. With DPM-Solver++ (2M) the paper has no row of EDM's grid",
    columns: [10, 20],
    lines: {
      paper: "paper, FID",
      others: [
        { key: "sfid", label: "paper, sFID", other: true },
        { key: "is", label: "paper, IS", other: true },
      ],
    },
    blocks: [
      block("DDIM (η = 1)", "ddim-1", {
        las: { fid: [15.71, 8.56], sfid: [47.79, 15.33], is: [168.94, 282.89] },
        uniform: { fid: [25.06, 9.44], sfid: [68.56, 22.84], is: [111.78, 255.74] },
        logSnr: { fid: [68.89, 16.02], sfid: [130.27, 46.19], is: [24.01, 166.02] },
        edm: { fid: [66.72, 17.42], sfid: [127.0, 49.86], is: [25.03, 152.38] },
      }),
      block("SDE-DPM-Solver++ (2M)", "sde-dpm++2m", {
        las: { fid: [6.2, 6.67], sfid: [10.59, 6.18], is: [273.76, 320.18] },
        uniform: { fid: [7.94, 7.65], sfid: [16.39, 7.0], is: [242.81, 320.83] },
        logSnr: { fid: [10.54, 7.15], sfid: [29.6, 8.56], is: [191.28, 308.36] },
        edm: { fid: [9.91, 7.36], sfid: [27.23, 8.735], is: [199.77, 296.43] },
      }),
      block("DPM-Solver++ (2M)", "dpm++2m", {
        las: { fid: [4.59, 4.84], sfid: [5.74, 5.37], is: [263.69, 283.09] },
        uniform: { fid: [5.53, 5.48], sfid: [6.78, 5.44], is: [243.78, 284.85] },
        logSnr: { fid: [4.95, 4.98], sfid: [6.93, 5.47], is: [251.08, 280.89] },
      }),
    ],
    claims: [
      better("DDIM (η = 1)", "ddim-1", ["uniform", "log-snr", "edm"], 0),
      better("SDE-DPM-Solver++ (2M)", "sde-dpm++2m", ["uniform", "log-snr", "edm"], 1),
      better("DPM-Solver++ (2M)", "dpm++2m", ["uniform", "log-snr"], 2),
      {
        ...better("DPM-Solver++ (2M)", "dpm++2m", ["edm"], 2),
        beyond: true,
        text: "not in the paper: with DPM-Solver++ (2M), LAS is better than EDM's grid",
      },
      {
        text: "LAS has the lowest sFID, and the highest Inception score but at 20 calls of both DPM-Solver++, where uniform time's is higher",
        untestable:
          "both are of Inception's features and classes, and the models here have classifiers of their own; neither was measured",
      },
    ],
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
