// Written by `node scripts/reproduce/page.mjs` from scripts/reproduce/results. Do not edit.
import type { MeasuredChoice } from "./default-choice.js";

export const measuredChoices: readonly MeasuredChoice[] = [
  {
    steps: 4,
    uninformed: {
      solver: {
        name: "deis-tab",
      },
      schedule: "vp",
    },
    informed: {
      solver: {
        name: "unipc",
      },
      schedule: "rescaled-entropic",
    },
  },
  {
    steps: 5,
    uninformed: {
      solver: {
        name: "unipc",
      },
      schedule: "vp",
    },
    informed: {
      solver: {
        name: "unipc",
      },
      schedule: "rescaled-entropic",
    },
  },
  {
    steps: 6,
    uninformed: {
      solver: {
        name: "unipc",
      },
      schedule: "vp",
    },
    informed: {
      solver: {
        name: "unipc",
      },
      schedule: "rescaled-entropic",
    },
  },
  {
    steps: 8,
    uninformed: {
      solver: {
        name: "unipc",
      },
      schedule: "vp",
    },
    informed: {
      solver: {
        name: "unipc",
      },
      schedule: "rescaled-entropic",
    },
  },
  {
    steps: 10,
    uninformed: {
      solver: {
        name: "deis-tab",
      },
      schedule: "vp",
    },
    informed: {
      solver: {
        name: "deis-tab",
      },
      schedule: "edm",
    },
  },
  {
    steps: 12,
    uninformed: {
      solver: {
        name: "deis-tab",
      },
      schedule: "vp",
    },
    informed: {
      solver: {
        name: "deis-tab",
      },
      schedule: "log-snr",
    },
  },
  {
    steps: 20,
    uninformed: {
      solver: {
        name: "unipc",
      },
      schedule: "log-snr",
    },
    informed: {
      solver: {
        name: "unipc",
      },
      schedule: "rescaled-entropic",
    },
  },
];
