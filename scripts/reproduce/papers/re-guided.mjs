// RE's guided tables of ImageNet-256; the others, and what a row is, in re.mjs.
export const calls = [5, 6, 8, 10, 12, 15, 20];

export const guided = [
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
