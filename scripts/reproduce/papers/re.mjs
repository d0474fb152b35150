// RE: "Improving denoising diffusion with efficient conditional entropy reduction". Its figures, and which of our cells
// stand beside them. Rows: label, method, the paper's figures in the order of the columns.
const calls = [5, 6, 8, 10, 12, 15, 20];

export const tables = [
  {
    id: "re-table-1",
    title: "RE Table 1: the best that methods reach on CIFAR-10",
    about:
      "the paper's figures are limits at numbers of calls of their own (DDPM 1000, RE 84 on the discrete model); ours are at 20 calls",
    columns: [20],
    blocks: [
      {
        title: "discrete model in the paper",
        grid: "log-snr",
        rows: [
          ["DDPM", "ddpm", [3.17], "uniform"],
          ["F-PNDM", "f-pndm", [3.26]],
          ["RE-based", "re-3s-snr", [3.15]],
        ],
      },
      {
        title: "ScoreSDE and conditional EDM in the paper",
        grid: "log-snr",
        rows: [
          ["DPM-Solver-v3", "v3-2", [2.64]],
          ["Heun's 2nd", "heun", [1.79], "edm"],
          ["RE-based", "re-v3", [1.76]],
        ],
      },
    ],
    claims: [
      {
        text: "RE reaches a lower Fréchet distance than Heun's method and DPM-Solver-v3",
        below: ["re-v3", ["v3-2", "heun"]],
        block: 1,
      },
    ],
  },
  {
    id: "re-figure-2",
    title: "RE Figure 2: single steps, reduced entropy against finite differences",
    about:
      "CIFAR-10 and CelebA-64, discrete models; the figure prints no numbers. FD is read as Eq. 3.7 with the interior node halfway in σ/α",
    columns: [6, 8, 10, 14, 20],
    blocks: [
      {
        title: "log-SNR grid",
        grid: "log-snr",
        rows: [
          ["FD-based (Eq. 3.7)", "fd-2s"],
          ["RE-based, r = 1, γ = 1/2", "re-2s"],
          ["RE-based, r and γ by SNR", "re-2s-snr"],
        ],
      },
      {
        title: "uniform time",
        grid: "uniform",
        rows: [
          ["FD-based (Eq. 3.7)", "fd-2s"],
          ["RE-based, r = 1, γ = 1/2", "re-2s"],
          ["RE-based, r and γ by SNR", "re-2s-snr"],
        ],
      },
    ],
    claims: [
      {
        text: "RE-based single steps (1, 1/2) are better than FD-based ones on the log-SNR grid",
        below: ["re-2s", ["fd-2s"]],
        block: 0,
      },
      {
        text: "RE-based single steps (1, 1/2) are better than FD-based ones in uniform time",
        below: ["re-2s", ["fd-2s"]],
        block: 1,
      },
      {
        text: "RE-based single steps by SNR are better than FD-based ones on the log-SNR grid",
        below: ["re-2s-snr", ["fd-2s"]],
        block: 0,
      },
    ],
  },
  {
    id: "re-figure-4",
    title: "RE Figure 4: single steps on a discrete model",
    about: "CIFAR-10, discrete; of the figure the text gives RE-3 at 84 calls, 3.15, and DDPM at 1000, 3.17",
    columns: [12, 15, 20, 50],
    blocks: [
      {
        title: "log-SNR grid; DDPM and Analytic-DPM in uniform time",
        grid: "log-snr",
        rows: [
          ["DDPM", "ddpm", [], "uniform"],
          ["Analytic-DDPM", "analytic-ddpm", [], "uniform"],
          ["DDIM", "ddim"],
          ["Analytic-DDIM", "analytic-ddim", [], "uniform"],
          ["DPM-Solver-2", "dpm2s"],
          ["DPM-Solver-3", "dpm3s"],
          ["F-PNDM", "f-pndm"],
          ["ERA-Solver", "era"],
          ["RE-based-2", "re-2s-snr"],
          ["RE-based-3", "re-3s-snr"],
        ],
      },
    ],
    claims: [
      { text: "RE-2 is better than DPM-Solver-2", below: ["re-2s-snr", ["dpm2s"]] },
      { text: "RE-3 is better than DPM-Solver-3", below: ["re-3s-snr", ["dpm3s"]] },
      {
        text: "RE-3 is better than every other single-step or noise-predicting method",
        below: ["re-3s-snr", ["ddpm", "analytic-ddpm", "ddim", "analytic-ddim", "f-pndm", "era"]],
      },
      {
        text: "RE at 84 calls is as good as DDPM at 1000 (Table 1)",
        untestable:
          "a few hundred samples of 1000 calls cost as many model rows as all other cells together, and the gap of 0.02 is far below what they tell",
      },
    ],
  },
  {
    id: "re-proposition-3.4",
    title: "RE Proposition 3.4, EVODiff Theorem 3.4: data prediction against noise prediction",
    about: "no table; the same second-order multi-step method in both forms",
    columns: calls,
    blocks: [
      {
        title: "log-SNR grid",
        grid: "log-snr",
        rows: [
          ["DPM-Solver 2M (noise)", "dpm2m"],
          ["DPM-Solver++ 2M (data)", "dpm++2m"],
        ],
      },
    ],
    claims: [
      {
        text: "data prediction is better than noise prediction in the same method",
        below: ["dpm++2m", ["dpm2m"]],
      },
    ],
  },
  {
    id: "re-table-3",
    title: "RE Table 3: CIFAR-10, ScoreSDE and EDM",
    about:
      "50,000 samples; log-SNR grid; paper's figures of EDM (ScoreSDE's in scripts/reproduce/papers/re.mjs)",
    columns: calls,
    blocks: [
      {
        title: "log-SNR grid",
        grid: "log-snr",
        rows: [
          ["DEIS", "deis", [], undefined, { scoreSde: [15.37, null, null, 4.17, null, 3.37, 2.86] }],
          ["Heun", "heun", [320.8, 103.86, 39.66, 16.57, 7.59, 4.76, 2.51], "edm"],
          [
            "DPM-Solver++",
            "dpm++3m",
            [24.54, 11.85, 4.36, 2.91, 2.45, 2.17, 2.05],
            undefined,
            { scoreSde: [28.53, 13.48, 5.34, 4.01, 4.04, 3.32, 2.9] },
          ],
          [
            "UniPC",
            "unipc-3",
            [23.52, 11.1, 3.86, 2.85, 2.38, 2.08, 2.01],
            undefined,
            { scoreSde: [23.71, 10.41, 5.16, 3.93, 3.88, 3.05, 2.73] },
          ],
          [
            "DPM-Solver-v3",
            "v3-2",
            [12.21, 8.56, 3.5, 2.51, 2.24, 2.1, 2.02],
            undefined,
            { scoreSde: [12.76, 7.4, 3.94, 3.4, 3.24, 2.91, 2.71] },
          ],
          [
            "RE-based (in v3)",
            "re-v3",
            [11.82, 8.3, 3.46, 2.48, 2.21, 2.07, 2.01],
            undefined,
            { scoreSde: [13.54, 8.56, 4.11, 3.38, 3.22, 2.76, 2.42] },
          ],
        ],
      },
    ],
    claims: [
      { text: "RE in v3's variables is better than DPM-Solver-v3", below: ["re-v3", ["v3-2"]] },
      {
        text: "RE in v3's variables is better than DPM-Solver++, UniPC, DEIS and Heun",
        below: ["re-v3", ["dpm++3m", "unipc-3", "deis", "heun"]],
      },
    ],
  },
  {
    id: "re-table-6",
    title: "RE Tables 2 and 6: ImageNet-256, guided",
    about: "10,000 samples, classifier guidance 2, seed 3407, uniform time; here classifier-free guidance 2",
    columns: calls,
    blocks: [
      {
        title: "uniform time, guidance 2",
        grid: "uniform",
        guidance: 2,
        rows: [
          ["DPM-Solver++-2", "dpm++2m", [16.62, 12.86, 9.73, 8.68, 8.17, 7.8, 7.51]],
          ["DPM-Solver++-3", "dpm++3m", [15.69, 11.65, 9.06, 8.29, 7.94, 7.7, 7.48]],
          ["UniPC-2", "unipc-2", [15.37, 11.78, 9.22, 8.4, 8.01, 7.71, 7.47]],
          ["UniPC-3", "unipc-3", [15.05, 11.3, 9.07, 8.36, 8.01, 7.72, 7.47]],
          ["DPM-Solver-v3-2", "v3-2", [14.92, 11.13, 8.98, 8.14, 7.93, 7.7, 7.42]],
          ["DPM-Solver-v3-3", "v3-3", [15.51, 11.77, 9.37, 8.67, 8.18, 7.73, 7.52]],
          ["RE-2, r by log-SNR", "re", [13.98, 10.98, 8.84, 8.16, 7.81, 7.52, 7.32]],
          ["RE-2, refined r", "re-refined", [14.33, 11.16, 8.95, 8.14, 7.79, 7.48, 7.25]],
        ],
      },
    ],
    claims: [
      {
        text: "RE-2 is better than DPM-Solver++ and UniPC of orders 2 and 3",
        below: ["re", ["dpm++2m", "dpm++3m", "unipc-2", "unipc-3"]],
      },
      { text: "RE-2 is better than DPM-Solver-v3", below: ["re", ["v3-2", "v3-3"]] },
      {
        text: "r by log-SNR is better than the refined r at 5 and 6 calls",
        below: ["re", ["re-refined"]],
        only: [5, 6],
      },
      {
        text: "the refined r is better from 10 calls on",
        below: ["re-refined", ["re"]],
        only: [10, 12, 15, 20],
      },
    ],
  },
  {
    id: "re-table-5",
    title: "RE Table 5: shift μ",
    about: "ImageNet-256, 10,000 samples, guidance 2",
    columns: [5, 10, 20],
    blocks: [
      {
        title: "uniform time, guidance 2",
        grid: "uniform",
        guidance: 2,
        rows: [
          ["μ = 0.25", "re-mu-0.25", [13.96, 8.18, 7.27]],
          ["μ = 0.50", "re", [13.98, 8.14, 7.25]],
          ["μ = 0.75", "re-mu-0.75", [14.01, 8.1, 7.32]],
        ],
      },
    ],
    claims: [
      {
        text: "the shift changes little: no two of the three differ by more than 2.5 % (the paper's largest, at guidance 4)",
        near: ["re", ["re-mu-0.25", "re-mu-0.75"]],
        share: 0.025,
      },
    ],
  },
];
