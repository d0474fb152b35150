// EVODiff. Its figures, and which of our cells stand beside them. "EVODiff" is its published code with a last step by DDIM:
// the published last step is not exact on the ODE (docs/evodiff.md), and has rows of its own. So has the algorithm as it is
// printed, which the published code departs from.
const calls = [5, 6, 8, 10, 12, 15, 20];
/** Table 2's lines: beside the Fréchet distances its Inception scores, of which more is better. */
const table2 = { paper: "paper, FID", others: [{ key: "is", label: "paper, IS", other: true }] };

export const tables = [
  {
    id: "evodiff-table-2-cifar",
    title: "EVODiff Table 2: CIFAR-10, EDM, log-SNR grid",
    about: "50,000 samples",
    columns: [5, 8, 10, 12],
    lines: table2,
    blocks: [
      {
        title: "log-SNR grid",
        grid: "log-snr",
        rows: [
          ["DPM-Solver++", "dpm++2m", [27.96, 8.4, 5.1, 3.7], undefined, { is: [7.47, 8.8, 9.14, 9.36] }],
          ["UniPC", "unipc-3", [27.03, 7.67, 3.98, 2.76], undefined, { is: [7.69, 9.07, 9.4, 9.62] }],
          ["DPM-Solver-v3", "v3-2", [11.59, 4.95, 3.52, 2.81], undefined, { is: [8.41, 9.17, 9.33, 9.5] }],
          ["EVODiff", "evodiff", [17.84, 3.98, 2.78, 2.3], undefined, { is: [7.89, 9.37, 9.64, 9.8] }],
          ["EVODiff, published last step", "evodiff-published"],
          ["EVODiff as printed", "re"],
        ],
      },
    ],
    claims: [
      { text: "EVODiff is better than DPM-Solver++ and UniPC", below: ["evodiff", ["dpm++2m", "unipc-3"]] },
      {
        text: "EVODiff as printed is better than DPM-Solver++ and UniPC",
        below: ["re", ["dpm++2m", "unipc-3"]],
      },
      {
        text: "EVODiff is better than DPM-Solver-v3 from 8 calls on",
        below: ["evodiff", ["v3-2"]],
        only: [8, 10, 12],
      },
      { text: "at 5 calls DPM-Solver-v3 is better than EVODiff", below: ["v3-2", ["evodiff"]], only: [5] },
      {
        text: "EVODiff with its published last step is better than DPM-Solver++ and UniPC",
        below: ["evodiff-published", ["dpm++2m", "unipc-3"]],
      },
      {
        text: "EVODiff has the highest Inception scores, but at 5 calls on CIFAR-10 and FFHQ-64",
        untestable:
          "the score is of Inception's thousand classes, the models here have ten of digits or garments; none was measured",
      },
    ],
  },
  {
    id: "evodiff-table-2-ffhq",
    title: "EVODiff Table 2: FFHQ-64, EDM grid",
    about: "50,000 samples",
    columns: [5, 10, 15, 20],
    lines: table2,
    blocks: [
      {
        title: "EDM grid",
        grid: "edm",
        rows: [
          ["Heun", "heun", [347.09, 29.92, 9.95, 4.58], undefined, { is: [2.29, 3.03, 3.19, 3.34] }],
          ["DPM-Solver++", "dpm++2m", [25.08, 6.81, 3.8, 3.0], undefined, { is: [2.99, 3.27, 3.29, 3.35] }],
          ["UniPC", "unipc-3", [28.87, 6.65, 3.4, 2.69], undefined, { is: [3.2, 3.25, 3.28, 3.37] }],
          ["EVODiff", "evodiff", [19.65, 5.31, 3.04, 2.66], undefined, { is: [3.18, 3.32, 3.35, 3.38] }],
          ["EVODiff, published last step", "evodiff-published"],
          ["EVODiff as printed", "re"],
        ],
      },
    ],
    claims: [
      {
        text: "EVODiff is better than Heun, DPM-Solver++ and UniPC",
        below: ["evodiff", ["heun", "dpm++2m", "unipc-3"]],
      },
      {
        text: "EVODiff as printed is better than Heun, DPM-Solver++ and UniPC",
        below: ["re", ["heun", "dpm++2m", "unipc-3"]],
      },
    ],
  },
  {
    id: "evodiff-table-2-imagenet",
    title: "EVODiff Table 2: ImageNet-256, guided, uniform time",
    about: "10,000 samples, classifier guidance 2; here classifier-free guidance 2",
    columns: [5, 10, 15, 20],
    lines: table2,
    blocks: [
      {
        title: "uniform time, guidance 2",
        grid: "uniform",
        guidance: 2,
        rows: [
          [
            "DPM-Solver++",
            "dpm++2m",
            [16.62, 8.68, 7.8, 7.51],
            undefined,
            { is: [98.07, 143.59, 152.01, 153.89] },
          ],
          ["UniPC", "unipc-3", [15.37, 8.4, 7.71, 7.47], undefined, { is: [104.41, 146.95, 152.16, 154.3] }],
          [
            "DPM-Solver-v3",
            "v3-2",
            [14.92, 8.14, 7.7, 7.42],
            undefined,
            { is: [105.85, 146.82, 153.79, 154.35] },
          ],
          [
            "EVODiff",
            "evodiff",
            [13.98, 8.14, 7.48, 7.25],
            undefined,
            { is: [110.79, 147.53, 154.78, 157.79] },
          ],
          ["EVODiff as printed", "re"],
        ],
      },
    ],
    claims: [
      {
        text: "guided, EVODiff is better than DPM-Solver++ and UniPC",
        below: ["evodiff", ["dpm++2m", "unipc-3"]],
      },
      {
        text: "guided, EVODiff as printed is better than DPM-Solver++ and UniPC",
        below: ["re", ["dpm++2m", "unipc-3"]],
      },
      { text: "guided, EVODiff is better than DPM-Solver-v3", below: ["evodiff", ["v3-2"]] },
      {
        text: "guided, EVODiff at 15 calls is as good as DPM-Solver++ at 20",
        atMost: ["evodiff", 15, "dpm++2m", 20],
      },
    ],
  },
  {
    id: "evodiff-table-3",
    title: "EVODiff Table 3: ingredients",
    about: "most of the table's figures were lost in the paper's text; those of EVODiff remain",
    columns: calls,
    blocks: [
      {
        title: "log-SNR grid",
        grid: "log-snr",
        rows: [
          ["Baseline (second order)", "dpm++2m"],
          ["RE-based, Eq. 15", "re-prior"],
          ["Eq. 15 with balanced ζ", "re-balanced"],
          ["EVODiff", "evodiff", [17.83, 9.17, 3.98, 2.78, 2.3, 2.12, 2.06]],
          ["EVODiff as printed", "re"],
        ],
      },
      {
        title: "uniform time, guidance 2",
        grid: "uniform",
        guidance: 2,
        rows: [
          ["Baseline (second order)", "dpm++2m"],
          ["Eq. 15 with balanced ζ", "re-balanced"],
          ["Eq. 16 with refined η", "re-mixed", [13.8, 10.91]],
          ["EVODiff (r by log-SNR)", "evodiff"],
          ["EVODiff (refined r)", "evodiff-refined"],
        ],
      },
    ],
    claims: [
      { text: "RE (Eq. 15) is better than the baseline", below: ["re-prior", ["dpm++2m"]], block: 0 },
      { text: "EVODiff is better than RE (Eq. 15)", below: ["evodiff", ["re-prior"]], block: 0 },
      { text: "EVODiff as printed is better than RE (Eq. 15)", below: ["re", ["re-prior"]], block: 0 },
      { text: "EVODiff as printed is better than the baseline", below: ["re", ["dpm++2m"]], block: 0 },
      {
        text: "guided, Eq. 15 with balanced ζ is better than the baseline",
        below: ["re-balanced", ["dpm++2m"]],
        block: 1,
      },
      { text: "guided, EVODiff is better than Eq. 15", below: ["evodiff", ["re-balanced"]], block: 1 },
    ],
  },
  {
    id: "evodiff-table-4",
    title: "EVODiff Table 4: LSUN Bedrooms, latent",
    about: "uniform time; generation time is that of all samples",
    columns: calls,
    times: {
      "dpm++2m": [3577.6, 3800.6, 4273.3, 4746.7, 4703.8, 5973.1, 7238.4],
      evodiff: [3488.4, 3719.4, 4046.9, 4699.6, 4678.1, 5913.5, 7154.2],
    },
    blocks: [
      {
        title: "uniform time",
        grid: "uniform",
        rows: [
          ["DPM-Solver++ (2M)", "dpm++2m", [21.286, 10.966, 5.127, 3.881, 3.516, 3.341, 3.251]],
          ["DPM-Solver++ (3M)", "dpm++3m", [18.611, 8.519, 4.148, 3.607, 3.429, 3.284, 3.167]],
          ["UniPC (3M)", "unipc-3", [13.969, 6.556, 3.963, 3.563, 3.357, 3.182, 3.075]],
          ["EVODiff", "evodiff", [7.912, 4.909, 3.756, 3.332, 3.084, 2.918, 2.853]],
          ["EVODiff as printed", "re"],
        ],
      },
    ],
    claims: [
      {
        text: "in uniform time EVODiff as printed is better than DPM-Solver++ 2M, 3M and UniPC",
        below: ["re", ["dpm++2m", "dpm++3m", "unipc-3"]],
      },
      {
        text: "in uniform time EVODiff is better than DPM-Solver++ 2M, 3M and UniPC",
        below: ["evodiff", ["dpm++2m", "dpm++3m", "unipc-3"]],
      },
      {
        text: "EVODiff takes no longer than DPM-Solver++ 2M",
        time: ["evodiff", "dpm-solver++-2m"],
      },
    ],
  },
  {
    id: "evodiff-table-5",
    title: "EVODiff Table 5: Stable Diffusion, CLIP and aesthetic scores",
    about: "not testable here: no text-to-image model",
    columns: [10, 25],
    lines: {
      paper: "paper, CLIP, average",
      others: [
        { key: "clipMost", label: "paper, CLIP, maximum", other: true },
        { key: "look", label: "paper, aesthetic, average", other: true },
        { key: "lookMost", label: "paper, aesthetic, maximum", other: true },
      ],
    },
    blocks: [
      {
        title: "Stable Diffusion 1.4",
        grid: "uniform",
        rows: [
          [
            "DPM-Solver++",
            undefined,
            [33.07, 32.66],
            undefined,
            { clipMost: [34.12, 36.12], look: [5.71, 5.74], lookMost: [5.83, 5.92] },
          ],
          [
            "EVODiff",
            undefined,
            [33.79, 32.83],
            undefined,
            { clipMost: [35.0, 34.5], look: [5.77, 5.79], lookMost: [5.87, 5.97] },
          ],
        ],
      },
      {
        title: "Stable Diffusion 1.5",
        grid: "uniform",
        rows: [
          [
            "DPM-Solver++",
            undefined,
            [32.98, 32.54],
            undefined,
            { clipMost: [35.84, 34.7], look: [5.74, 5.79], lookMost: [5.99, 5.92] },
          ],
          [
            "EVODiff",
            undefined,
            [33.07, 32.53],
            undefined,
            { clipMost: [36.62, 34.72], look: [5.75, 5.81], lookMost: [5.98, 5.99] },
          ],
        ],
      },
    ],
    claims: [
      {
        text: "EVODiff has mostly better CLIP and aesthetic scores on Stable Diffusion at 10 and 25 calls",
        untestable: "no text-to-image model here; guided draws stand in Tables 2 and 3",
      },
    ],
  },
];
