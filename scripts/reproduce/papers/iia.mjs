// IIA: the figures of its tables. Ours come from scripts/experiments/iia, whose results docs/iia.md describes.
// Fréchet distances on CIFAR-10 where not said otherwise. Figures 3 to 6 print no numbers.

export const edmCalls = [11, 13, 15, 19];

export const table3 = {
  title: "IIA Table 3: FFHQ-64, history of BIIA-EDM",
  rows: [
    ["BIIA-EDM (r = 1)", "biia-edm 1", [16.01, 9.24, 6.25, 4.02]],
    ["BIIA-EDM (r = 0)", "biia-edm 0", [12.78, 7.33, 5.09, 3.66]],
    ["EDM", "base", [29.34, 15.87, 9.85, 5.26]],
  ],
};

export const table4 = {
  title: "IIA Table 4: mean residuals",
  rows: [
    ["BIIA-EDM (r = 2)", "biia-edm 2", [4.31, 1.75, 0.84, 0.24]],
    ["BIIA-EDM (r = 1)", "biia-edm 1", [4.93, 2.08, 1.0, 0.28]],
    ["IIA-EDM (r = 2)", "iia-edm 2", [2.87, 1.07, 0.52, 0.14]],
    ["IIA-EDM (r = 1)", "iia-edm 1", [2.98, 1.12, 0.54, 0.15]],
    ["EDM", "base", [17.33, 6.22, 2.58, 0.61]],
  ],
};

export const table5 = {
  title: "IIA Table 5: Fréchet distances",
  rows: [
    ["BIIA-EDM (r = 2)", "biia-edm 2", [7.81, 4.01, 2.87, 2.2]],
    ["BIIA-EDM (r = 1)", "biia-edm 1", [7.97, 3.91, 2.76, 2.16]],
    ["IIA-EDM (r = 2)", "iia-edm 2", [5.01, 2.96, 2.37, 2.06]],
    ["IIA-EDM (r = 1)", "iia-edm 1", [4.9, 2.89, 2.33, 2.04]],
    ["EDM", "base", [14.42, 6.79, 4.31, 2.54]],
  ],
};

export const table6 = {
  title: "IIA Table 6: sub-steps M of IIA-EDM (r = 1)",
  substeps: [3, 10, 20, 50],
  rows: [
    [11, "residual", [2.98, 3.32, 3.35, 3.36]],
    [11, "Fréchet distance", [4.9, 3.76, 3.71, 3.7]],
    [11, "seconds", [17.6, 46.8, 88.0, 210.5]],
    [19, "residual", [0.146, 0.179, 0.181, 0.182]],
    [19, "Fréchet distance", [2.04, 2.1, 2.11, 2.11]],
    [19, "seconds", [34.1, 91.9, 171.8, 418.9]],
  ],
};

export const table7 = {
  title: "IIA Table 7: residuals of DDIM, no, one and two quantities",
  steps: [10, 20, 40],
  rows: [
    ["IIA-DDIM (one quantity)", "iia-ddim 1", [0.082, 0.008, 0.00085]],
    ["IIA-DDIM (two quantities)", "iia-ddim 2", [0.066, 0.0045, 0.000376]],
    ["DDIM", "base", [0.173, 0.0221, 0.0031]],
  ],
};

export const table8 = {
  title: "IIA Table 8: Fréchet distances of the same",
  steps: [10, 20, 40],
  rows: [
    ["IIA-DDIM (one quantity)", "iia-ddim 1", [9.5, 5.43, 3.97]],
    ["IIA-DDIM (two quantities)", "iia-ddim 2", [8.66, 4.85, 3.68]],
    ["DDIM", "base", [14.38, 7.51, 4.95]],
  ],
};

export const table1 = {
  title: "IIA Table 1: text to image, guided, Fréchet distances",
  calls: [10, 20, 30, 40],
  rows: [
    ["DDIM", "ddim", [14.78, 14.65, 15.08, 14.69]],
    ["IIA-DDIM (Eq. 8)", "iia-ddim-guided", [13.21, 13.14, 14.03, 13.85]],
    ["DPM-Solver++", "dpm-solver++-2m", [15.82, 13.85, 14.23, 14.29]],
    ["IIA-DPM-Solver++", "iia-dpm-solver++-2m", [12.97, 12.77, 13.26, 13.68]],
    ["PLMS", "plms", [24.42, 14.3, 15.31, 15.05]],
  ],
};

const timed = [11, 13, 15, 17, 19, 21, 23];

export const table9 = {
  title: "IIA Table 9: sampling time, seconds for 200 samples",
  calls: timed,
  rows: [
    ["CIFAR-10, EDM", [5.1, 6.1, 7.1, 8.2, 9.2, 10.3, 11.4]],
    ["CIFAR-10, IIA-EDM", [5.2, 6.3, 7.3, 8.4, 9.3, 10.4, 11.4]],
    ["FFHQ, EDM", [12.4, 15.0, 17.4, 20.0, 22.4, 24.9, 27.3]],
    ["FFHQ, IIA-EDM", [12.6, 15.2, 17.5, 20.0, 22.5, 25.0, 27.4]],
    ["AFHQV2, EDM", [12.6, 15.0, 17.5, 19.9, 22.3, 24.9, 27.4]],
    ["AFHQV2, IIA-EDM", [12.7, 15.1, 17.6, 20.0, 22.4, 24.9, 27.5]],
  ],
};

export const table10 = {
  title: "IIA Table 10: seconds of IIA-EDM's calibration",
  calls: timed,
  rows: [
    ["CIFAR-10", [17.6, 21.9, 25.9, 30.0, 34.1, 37.3, 41.8]],
    ["FFHQ", [42.8, 52.6, 62.0, 71.9, 80.3, 91.6, 102.1]],
    ["AFHQV2", [42.7, 52.3, 62.2, 72.4, 82.0, 92.0, 101.8]],
  ],
};
