// ETS. Its figures, and which of our cells stand beside them.
const block = (title, method, cifar, ffhq) => ({
  title,
  grid: "edm",
  final: "zero",
  rows: [
    ["EDM", method, cifar[0], "edm", { ffhq: ffhq[0] }],
    ["Rescaled Entropy", method, cifar[1], "rescaled", { ffhq: ffhq[1] }],
    ["Spectral Rescaled Entropy", method, cifar[2], "spectral", { ffhq: ffhq[2] }],
  ],
});

const claims = (title, method, at) => [
  {
    text: `${title}: rescaled entropy is better than EDM's grid`,
    below: [`${method} rescaled`, [`${method} edm`]],
    block: at,
  },
  {
    text: `${title}: spectral entropy is better than EDM's grid`,
    below: [`${method} spectral`, [`${method} edm`]],
    block: at,
  },
];

export const tables = [
  {
    id: "ets-table-4",
    title: "ETS Tables 4 and 1: CIFAR-10 and FFHQ-64, EDM models",
    about: "50,000 samples",
    columns: [16, 32, 64],
    lines: { paper: "paper, CIFAR-10", others: [{ key: "ffhq", label: "paper, FFHQ-64" }] },
    blocks: [
      block(
        "stochastic DDIM",
        "ddim-1",
        [
          [33.3, 13.76, 6.36],
          [20.07, 8.44, 4.65],
          [19.77, 8.28, 4.47],
        ],
        [
          [40.48, 21.63, 10.62],
          [30.81, 14.89, 7.6],
          [30.61, 14.6, 7.33],
        ],
      ),
      block(
        "deterministic DDIM",
        "ddim",
        [
          [9.06, 4.18, 2.77],
          [6.07, 3.3, 2.52],
          [5.95, 3.24, 2.51],
        ],
        [
          [11.13, 5.41, 3.45],
          [8.1, 4.28, 3.16],
          [8.1, 4.28, 3.14],
        ],
      ),
    ],
    claims: [
      ...claims("stochastic DDIM", "ddim-1", 0),
      ...claims("deterministic DDIM", "ddim", 1),
      {
        text: "stochastic DDIM: the spectral variant is better than the plain one",
        below: ["ddim-1 spectral", ["ddim-1 rescaled"]],
        block: 0,
      },
      {
        text: "deterministic DDIM: the spectral and the plain variant are alike within 2 %",
        near: ["ddim rescaled", ["ddim spectral"]],
        share: 0.02,
        block: 1,
      },
    ],
  },
  {
    id: "ets-limitations",
    title: "ETS Sections 6.2 and 6.3: plain entropic time, and second order",
    about: "said in the text, without figures",
    columns: [10, 20],
    blocks: [
      {
        title: "deterministic DDIM",
        grid: "edm",
        final: "zero",
        rows: [
          ["EDM", "ddim", [], "edm"],
          ["Entropy", "ddim", [], "entropic"],
        ],
      },
      {
        title: "DPM-Solver++ (2M)",
        grid: "edm",
        rows: [
          ["EDM", "dpm++2m", [], "edm"],
          ["Rescaled Entropy", "dpm++2m", [], "rescaled"],
        ],
      },
    ],
    claims: [
      {
        text: "plain entropic time spoils images",
        below: ["ddim edm", ["ddim entropic"]],
        block: 0,
      },
      {
        text: "with a second-order solver rescaled entropy is worse than EDM's grid",
        below: ["dpm++2m edm", ["dpm++2m rescaled"]],
        block: 1,
      },
    ],
  },
  {
    id: "ets-tables-2-3-5-6",
    title: "ETS Tables 2, 3, 5 and 6: ImageNet-64 and -512, EDM2",
    columns: [],
    blocks: [],
    claims: [
      {
        text: "rescaled entropy has a lower FID than EDM's grid with every EDM2 model, and mostly a lower FD-DINOv2",
        untestable: "no EDM2 model here, and no DINOv2 features",
      },
    ],
  },
];
