// Written by `node scripts/reproduce/page.mjs` from scripts/reproduce/results. Do not edit.
import type { MeasuredChoice } from "./default-choice.js";

export const measuredChoices: readonly MeasuredChoice[] = [
  {
    steps: 20,
    uninformed: {
      solver: {
        name: "dpm-solver++-2m",
      },
      schedule: "log-snr",
    },
    informed: {
      solver: {
        name: "dpm-solver++-2m",
      },
      schedule: "log-snr",
    },
  },
];
