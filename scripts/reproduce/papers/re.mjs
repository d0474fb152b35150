// RE: "Improving denoising diffusion with efficient conditional entropy reduction". Its figures, and which of our cells
// stand beside them. Rows: label, method, the paper's figures in the order of the columns.
const calls = [5, 6, 8, 10, 12, 15, 20];

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
  {
    id: "re-table-6",
    title: "RE Tables 2 and 6: ImageNet-256, guided",
    about:
      "10,000 samples, classifier guidance 2, uniform time; here classifier-free guidance 2, and the noises of our seed 0",
    columns: calls,
    lines: { paper: "paper, seed 3407", others: [{ key: "seed1234", label: "paper, seed 1234" }] },
    blocks: [
      {
        title: "uniform time, guidance 2",
        grid: "uniform",
        guidance: 2,
        rows: [
          [
            "DPM-Solver++-2",
            "dpm++2m",
            [16.62, 12.86, 9.73, 8.68, 8.17, 7.8, 7.51],
            undefined,
            { seed1234: [16.39, 12.77, 9.92, 8.88, 8.31, 8.03, 7.76] },
          ],
          [
            "DPM-Solver++-3",
            "dpm++3m",
            [15.69, 11.65, 9.06, 8.29, 7.94, 7.7, 7.48],
            undefined,
            { seed1234: [15.64, 11.64, 9.21, 8.51, 8.12, 7.97, 7.69] },
          ],
          [
            "UniPC-2",
            "unipc-2",
            [15.37, 11.78, 9.22, 8.4, 8.01, 7.71, 7.47],
            undefined,
            { seed1234: [15.15, 11.79, 9.41, 8.63, 8.16, 7.93, 7.71] },
          ],
          [
            "UniPC-3",
            "unipc-3",
            [15.05, 11.3, 9.07, 8.36, 8.01, 7.72, 7.47],
            undefined,
            { seed1234: [14.93, 11.22, 9.21, 8.55, 8.19, 7.98, 7.7] },
          ],
          [
            "DPM-Solver-v3-2",
            "v3-2",
            [14.92, 11.13, 8.98, 8.14, 7.93, 7.7, 7.42],
            undefined,
            { seed1234: [14.88, 11.21, 9.17, 8.51, 8.12, 7.9, 7.67] },
          ],
          [
            "DPM-Solver-v3-3",
            "v3-3",
            [15.51, 11.77, 9.37, 8.67, 8.18, 7.73, 7.52],
            undefined,
            { seed1234: [15.62, 11.73, 9.57, 8.89, 8.37, 8.01, 7.65] },
          ],
          [
            "RE-2, r by log-SNR",
            "re",
            [13.98, 10.98, 8.84, 8.16, 7.81, 7.52, 7.32],
            undefined,
            { seed1234: [13.94, 10.96, 9.02, 8.38, 8.01, 7.83, 7.54] },
          ],
          [
            "RE-2, refined r",
            "re-refined",
            [14.33, 11.16, 8.95, 8.14, 7.79, 7.48, 7.25],
            undefined,
            { seed1234: [14.21, 11.21, 9.05, 8.34, 7.97, 7.8, 7.48] },
          ],
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
    about:
      "ImageNet-256, 10,000 samples, classifier guidance 2; here classifier-free guidance 2. The paper's row of μ = 0.50 is not its Table 6's RE-2 by log-SNR at all calls",
    columns: calls,
    blocks: [
      {
        title: "uniform time, guidance 2",
        grid: "uniform",
        guidance: 2,
        rows: [
          ["μ = 0.25", "re-mu-0.25", [13.96, 10.97, 8.85, 8.18, 7.82, 7.51, 7.27]],
          ["μ = 0.50", "re", [13.98, 10.98, 8.84, 8.14, 7.79, 7.48, 7.25]],
          ["μ = 0.75", "re-mu-0.75", [14.01, 11.0, 8.83, 8.1, 7.8, 7.54, 7.32]],
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
  {
    id: "re-table-6-guidance-3",
    title: "RE Table 6, guidance 3: ImageNet-256",
    about: "10,000 samples, classifier guidance 3, seed 3407, uniform time; here classifier-free guidance 3",
    columns: calls,
    blocks: [
      {
        title: "uniform time, guidance 3",
        grid: "uniform",
        guidance: 3,
        rows: [
          ["DPM-Solver++-2", "dpm++2m", [16.27, 12.4, 9.55, 8.66, 8.18, 7.84, 7.61]],
          ["DPM-Solver++-3", "dpm++3m", [15.93, 11.49, 8.98, 8.39, 8.11, 7.74, 7.63]],
          ["UniPC-2", "unipc-2", [15.44, 11.64, 9.11, 8.46, 8.17, 7.75, 7.62]],
          ["UniPC-3", "unipc-3", [16.11, 11.88, 9.25, 8.58, 8.14, 7.77, 7.72]],
          ["DPM-Solver-v3-2", "v3-2", [17.97, 12.04, 9.17, 8.4, 8.11, 7.76, 7.67]],
          ["DPM-Solver-v3-3", "v3-3", [20.87, 14.94, 10.68, 9.29, 8.57, 7.92, 7.77]],
          ["RE-2, r by log-SNR", "re", [14.37, 11.04, 8.87, 8.37, 7.89, 7.56, 7.51]],
          ["RE-2, refined r", "re-refined", [15.93, 11.94, 9.21, 8.31, 7.89, 7.58, 7.54]],
        ],
      },
    ],
    claims: [
      {
        text: "at guidance 3, RE-2 is better than DPM-Solver++ and UniPC of orders 2 and 3",
        below: ["re", ["dpm++2m", "dpm++3m", "unipc-2", "unipc-3"]],
      },
      { text: "at guidance 3, RE-2 is better than DPM-Solver-v3", below: ["re", ["v3-2", "v3-3"]] },
      {
        text: "at guidance 3, r by log-SNR is better than the refined r up to 8 calls",
        below: ["re", ["re-refined"]],
        only: [5, 6, 8],
      },
    ],
  },
  {
    id: "re-table-5-guidance-3-4",
    title: "RE Table 5, guidance 3 and 4: shift μ",
    about: "ImageNet-256, 10,000 samples, classifier guidance; here classifier-free guidance",
    columns: calls,
    blocks: [
      {
        title: "uniform time, guidance 3",
        grid: "uniform",
        guidance: 3,
        rows: [
          ["μ = 0.25", "re-mu-0.25", [14.43, 11.08, 8.9, 8.3, 7.92, 7.58, 7.53]],
          ["μ = 0.50", "re", [14.37, 11.04, 8.87, 8.31, 7.89, 7.56, 7.51]],
          ["μ = 0.75", "re-mu-0.75", [14.32, 10.99, 8.85, 8.23, 7.87, 7.56, 7.5]],
        ],
      },
      {
        title: "uniform time, guidance 4",
        grid: "uniform",
        guidance: 4,
        rows: [
          ["μ = 0.25", "re-mu-0.25", [17.8, 12.91, 9.73, 8.75, 8.51, 8.01, 7.92]],
          ["μ = 0.50", "re", [17.57, 12.73, 9.61, 8.66, 8.35, 8.01, 7.93]],
          ["μ = 0.75", "re-mu-0.75", [17.39, 12.57, 9.55, 8.61, 8.41, 8.01, 7.94]],
        ],
      },
    ],
    claims: [
      {
        text: "at guidance 3 the shift changes little: no more than 2.5 %",
        near: ["re", ["re-mu-0.25", "re-mu-0.75"]],
        share: 0.025,
        block: 0,
      },
      {
        text: "at guidance 4 the shift changes little: no more than 2.5 %",
        near: ["re", ["re-mu-0.25", "re-mu-0.75"]],
        share: 0.025,
        block: 1,
      },
    ],
  },
];
