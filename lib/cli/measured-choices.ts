// Written by `node scripts/reproduce/page.mjs` from scripts/reproduce/results. Do not edit.
import type { MeasuredChoice } from "./default-choice.js";

export const measuredChoices: readonly MeasuredChoice[] = [
  { steps: 4, uninformed: ["deis-tab", "vp"], informed: ["unipc", "rescaled-entropic"] },
  { steps: 5, uninformed: ["unipc", "vp"], informed: ["unipc", "rescaled-entropic"] },
  { steps: 6, uninformed: ["unipc", "vp"], informed: ["unipc", "rescaled-entropic"] },
  { steps: 8, uninformed: ["unipc", "vp"], informed: ["unipc", "rescaled-entropic"] },
  { steps: 10, uninformed: ["deis-tab", "vp"], informed: ["deis-tab", "edm"] },
  { steps: 12, uninformed: ["deis-tab", "vp"], informed: ["deis-tab", "log-snr"] },
  { steps: 20, uninformed: ["unipc", "log-snr"], informed: ["unipc", "rescaled-entropic"] },
];
