// RE: "Improving denoising diffusion with efficient conditional entropy reduction". Its figures, and which of our cells
// stand beside them. Rows: label, method, the paper's figures in the order of the columns.
import { calls, guided } from "./re-guided.mjs";

export const tables = [
  {
    id: "re-table-1",
    title: "RE Table 1: the best that methods reach on CIFAR-10",
    about:
      "the paper's figures are limits at numbers of calls of their own (DDPM 1000, RE 84 on the discrete model); ours are at 20 calls. Hybrid PC is taken for Song et al.'s predictor and corrector; the line EDM is Heun's method as its authors report it",
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
        title: "continuous model in the paper",
        grid: "log-snr",
        rows: [
          ["Hybrid PC", "predictor-corrector", [2.55]],
          ["DPM-Solver-v3", "v3-2", [2.64]],
          ["RE-based", "re-v3", [2.41]],
        ],
      },
      {
        title: "conditional EDM in the paper",
        grid: "log-snr",
        rows: [
          ["EDM", undefined, [1.79]],
          ["Heun's 2nd", "heun", [1.79], "edm"],
          ["RE-based", "re-v3", [1.76]],
        ],
      },
    ],
    claims: [
      {
        text: "RE reaches a lower Fréchet distance than DPM-Solver-v3 on the continuous model",
        below: ["re-v3", ["v3-2"]],
        block: 1,
      },
      {
        text: "RE reaches a lower Fréchet distance than Heun's method on conditional EDM",
        below: ["re-v3", ["heun"]],
        block: 2,
      },
      {
        text: "RE reaches a lower Fréchet distance than Hybrid PC on the continuous model",
        below: ["re-v3", ["predictor-corrector"]],
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
      "50,000 samples; log-SNR grid. The model of digits is an EDM one; none here is ScoreSDE's, a continuous VP model. On ScoreSDE the paper's own RE is behind DPM-Solver-v3 at 5, 6 and 8 calls, so that those do not count",
    columns: calls,
    lines: { paper: "paper, EDM", others: [{ key: "scoreSde", label: "paper, ScoreSDE" }] },
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
  ...guided,
];
