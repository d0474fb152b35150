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
    id: "ets-tables-2-5-6-7",
    title: "ETS Tables 2 and 5 to 7: ImageNet-64 and -512, EDM2",
    about:
      "50,000 samples. Table 2 has the FIDs of Table 6 and the FD-DINOv2s of Table 7. Not testable here: no EDM2 model, no DINOv2 features",
    columns: [16, 32, 64],
    lines: { paper: "paper, FID", others: [{ key: "dino", label: "paper, FD-DINOv2", other: true }] },
    blocks: [
      {
        title: "ImageNet-64 (Table 5), stochastic DDIM",
        grid: "edm",
        rows: [
          ["EDM2-S, EDM", undefined, [20.03, 8.18, 3.81], undefined, { dino: [263.6, 135.67, 86.32] }],
          [
            "EDM2-S, Rescaled Entropy",
            undefined,
            [11.69, 4.95, 2.75],
            undefined,
            { dino: [194.02, 109.55, 81.25] },
          ],
          [
            "EDM2-S, Spectral Rescaled Entropy",
            undefined,
            [11.46, 4.76, 2.7],
            undefined,
            { dino: [193.81, 109.16, 79.75] },
          ],
          ["EDM2-L, EDM", undefined, [22.6, 9.46, 4.44], undefined, { dino: [284.74, 141.7, 79.86] }],
          [
            "EDM2-L, Rescaled Entropy",
            undefined,
            [13.56, 5.59, 3.06],
            undefined,
            { dino: [208.27, 108.31, 72.06] },
          ],
          [
            "EDM2-L, Spectral Rescaled Entropy",
            undefined,
            [13.46, 5.51, 2.99],
            undefined,
            { dino: [207.76, 106.42, 70.37] },
          ],
        ],
      },
      {
        title: "ImageNet-64 (Table 5), deterministic DDIM",
        grid: "edm",
        rows: [
          ["EDM2-S, EDM", undefined, [5, 2.49, 1.9], undefined, { dino: [128.25, 99.64, 92.88] }],
          [
            "EDM2-S, Rescaled Entropy",
            undefined,
            [3.46, 2.15, 1.77],
            undefined,
            { dino: [117.26, 98.28, 93.34] },
          ],
          [
            "EDM2-S, Spectral Rescaled Entropy",
            undefined,
            [3.54, 2.12, 1.8],
            undefined,
            { dino: [118.5, 99.01, 95.14] },
          ],
          ["EDM2-L, EDM", undefined, [5.49, 2.55, 1.82], undefined, { dino: [120.35, 84.57, 74.87] }],
          [
            "EDM2-L, Rescaled Entropy",
            undefined,
            [3.63, 2.09, 1.65],
            undefined,
            { dino: [104.88, 81.98, 75.87] },
          ],
          [
            "EDM2-L, Spectral Rescaled Entropy",
            undefined,
            [3.75, 2.09, 1.61],
            undefined,
            { dino: [106.52, 82.64, 75.16] },
          ],
        ],
      },
      {
        title: "ImageNet-512, networks of the best FID (Table 6), stochastic DDIM",
        grid: "edm",
        rows: [
          ["EDM2-XS, EDM", undefined, [32.31, 10.01, 4.98], undefined, { dino: [419.27, 199.69, 131.94] }],
          [
            "EDM2-XS, Rescaled Entropy",
            undefined,
            [13.64, 4.98, 3.8],
            undefined,
            { dino: [280.82, 154.24, 124.07] },
          ],
          ["EDM2-XXL, EDM", undefined, [30.39, 8.8, 3.81], undefined, { dino: [337.23, 127.69, 68.97] }],
          [
            "EDM2-XXL, Rescaled Entropy",
            undefined,
            [13.38, 3.83, 2.6],
            undefined,
            { dino: [186.68, 82.47, 57.41] },
          ],
        ],
      },
      {
        title: "ImageNet-512, networks of the best FID (Table 6), deterministic DDIM",
        grid: "edm",
        rows: [
          ["EDM2-XS, EDM", undefined, [10.42, 4.81, 3.83], undefined, { dino: [212.78, 154.41, 137.68] }],
          [
            "EDM2-XS, Rescaled Entropy",
            undefined,
            [7.57, 4.44, 3.75],
            undefined,
            { dino: [222.15, 161.79, 142.22] },
          ],
          ["EDM2-XXL, EDM", undefined, [9.68, 3.47, 2.41], undefined, { dino: [137.35, 81.26, 65.75] }],
          [
            "EDM2-XXL, Rescaled Entropy",
            undefined,
            [5.91, 2.78, 2.14],
            undefined,
            { dino: [125.35, 79.8, 66.75] },
          ],
        ],
      },
      {
        title: "ImageNet-512, networks of the best FD-DINOv2 (Table 7), stochastic DDIM",
        grid: "edm",
        rows: [
          ["EDM2-XS, EDM", undefined, [17.14, 8.76, 7.34], undefined, { dino: [294.25, 149.91, 107] }],
          [
            "EDM2-XS, Rescaled Entropy",
            undefined,
            [7.76, 6.39, 6.43],
            undefined,
            { dino: [182.11, 109.68, 97.1] },
          ],
          ["EDM2-XXL, EDM", undefined, [15.94, 7.36, 6.06], undefined, { dino: [218.1, 95.21, 60.79] }],
          [
            "EDM2-XXL, Rescaled Entropy",
            undefined,
            [6.84, 5.02, 5.03],
            undefined,
            { dino: [108.16, 57.05, 46.75] },
          ],
        ],
      },
      {
        title: "ImageNet-512, networks of the best FD-DINOv2 (Table 7), deterministic DDIM",
        grid: "edm",
        rows: [
          ["EDM2-XS, EDM", undefined, [7.16, 5.97, 5.8], undefined, { dino: [156.46, 115.94, 107.05] }],
          [
            "EDM2-XS, Rescaled Entropy",
            undefined,
            [6, 5.31, 5.4],
            undefined,
            { dino: [157.32, 116.52, 106.84] },
          ],
          ["EDM2-XXL, EDM", undefined, [5.48, 4.1, 4.03], undefined, { dino: [79.56, 52.6, 46.27] }],
          [
            "EDM2-XXL, Rescaled Entropy",
            undefined,
            [3.81, 3.54, 3.7],
            undefined,
            { dino: [68.36, 48.26, 43.83] },
          ],
        ],
      },
    ],
    claims: [
      {
        text: "rescaled entropy has a lower FID than EDM's grid with every EDM2 model, and mostly a lower FD-DINOv2",
        untestable: "no EDM2 model here, and no DINOv2 features",
      },
    ],
  },
];
