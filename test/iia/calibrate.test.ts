import { describe, expect, it } from "vitest";
import { calibrateIia, type IiaOptions } from "../../lib/calibrate/index.js";
import { sample } from "../../lib/index.js";
import { edmWorld, vpWorld } from "./worlds.js";

const vp = { denoiser: vpWorld, grid: { schedule: "log-snr", sigmaMin: 0.02 } } as const;
const ve = { denoiser: edmWorld, grid: { schedule: "edm", final: "zero" } } as const;
const small = { steps: 6, samples: 24, batch: 10, substeps: 3 };

const members = [
  { ...vp, solver: "iia-ddim" },
  { ...vp, solver: { name: "iia-ddim", quantities: 1 } },
  { ...vp, solver: "iia-ddim-guided" },
  { ...vp, solver: "iia-dpm-solver++-2m" },
  { ...ve, solver: { name: "biia-edm", history: 0 } },
  { ...ve, solver: { name: "biia-edm", history: 1 } },
  { ...ve, solver: { name: "biia-edm", history: 2 } },
  { ...ve, solver: { name: "iia-edm", history: 0 } },
  { ...ve, solver: { name: "iia-edm", history: 1 } },
  { ...ve, solver: { name: "iia-edm", history: 2 } },
  { ...vp, solver: "iia-spndm" },
  { ...vp, solver: "iia-ipndm" },
  { ...vp, solver: "iia:unipc" },
  { ...vp, solver: "iia:dpm-solver++-3m" },
] as const;

describe("calibration", () => {
  it.each(members.map((m) => [JSON.stringify(m.solver), m] as const))(
    "%s",
    async (_, { denoiser, grid, solver }) => {
      const artifact = await calibrateIia(denoiser, { solver, grid, ...small } as IiaOptions);
      console.log(
        JSON.stringify(solver),
        artifact.cost,
        artifact.steps
          .map((s) =>
            [
              s.baseResidual,
              s.residual,
              s.freshBaseResidual,
              s.freshResidual,
              s.condition,
              s.rank,
              s.coefficients.map((c) => c.toPrecision(3)).join(),
            ]
              .map((v) => (typeof v === "number" ? v.toPrecision(3) : v))
              .join(" "),
          )
          .join("\n"),
      );
      for (const step of artifact.steps) {
        expect(step.residual).toBeLessThanOrEqual(step.baseResidual * (1 + 1e-9));
        expect(Number.isFinite(step.residual)).toBe(true);
      }
      const { data } = await sample(denoiser, {
        solver: { ...artifact.solver, coefficients: artifact } as never,
        grid,
        steps: small.steps,
        count: 4,
      } as never);
      expect(data.every(Number.isFinite)).toBe(true);
    },
  );
});
