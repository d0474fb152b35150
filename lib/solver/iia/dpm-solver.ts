import { dpmSolverPlusPlus2m } from "../dpm-solver/index.js";
import { wrappedAs } from "./wrapped.js";

/** IIA-DPM-Solver++ (IIA Eq. 22–24): φ_0 x_i + φ_1 x̂_i, both of which the step holds already. */
export const iiaDpmSolver2m = wrappedAs(
  {
    name: "iia-dpm-solver++-2m",
    title: "IIA-DPM-Solver++ 2M",
    source: "IIA (Zhang et al. 2024), Eq. 22-24",
    substeps: 10,
  },
  dpmSolverPlusPlus2m,
  // The terms begin with the state and the latest prediction.
  (terms) => terms.slice(0, 2).map(([, vector]) => [[1, vector]]),
);
