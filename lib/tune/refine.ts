import { z } from "zod";
import { calibrateIia } from "../calibrate/index.js";
import { defined } from "../defined.js";
import { modelRowsPerSample } from "../engine/index.js";
import { QuenchError } from "../errors.js";
import { type IiaArtifact, iiaSchema } from "../solver/index.js";
import { type Candidate, sigmasOf } from "./candidate.js";
import { type Minimum, minimise, type Residuals } from "./levenberg-marquardt.js";
import { type Meter, nameOf } from "./measure.js";
import { type Family, freeCoefficients, freeLevels } from "./parameters.js";

const minimumSchema = z.strictObject({
  parameters: z.array(z.number()),
  cost: z.number(),
  startCost: z.number(),
  evaluations: z.int(),
});

/** What a refinement may spend. */
export interface Allowance {
  /** Samples whose errors are lowered: the first ones of those that candidates are ranked on. */
  readonly samples: number;
  /** Model rows. */
  readonly rows: number;
}

/** A candidate with the least error found near another. */
export interface Refined {
  readonly candidate: Candidate;
  /** Sum of square errors over the samples. */
  readonly cost: number;
}

/** Evaluations besides those for the slopes that make a descent worth its while. */
const leastSteps = 4;

/**
 * Moves a candidate's noise levels to where its error is least.
 * @returns undefined where the candidate gives no finite samples, or the allowance is too small
 */
export async function refineLevels(
  meter: Meter,
  from: Candidate,
  allowance: Allowance,
): Promise<Refined | undefined> {
  const family = freeLevels(meter.subject, from);
  const found = await descend(meter, from, family, allowance);
  if (found && found.cost === found.startCost) return { candidate: from, cost: found.cost };
  return (
    found && {
      candidate: family.candidate(found.parameters, `${from.origin}, levels refined`),
      cost: found.cost,
    }
  );
}

/**
 * Gives a solver coefficients of its own by IIA on a candidate's grid, then moves these and the levels together to
 * where the error at the end is least: what lowers the error of every step need not lower that of all.
 * @returns undefined for solvers that IIA cannot wrap
 */
export async function refineCoefficients(
  meter: Meter,
  from: Candidate,
  { samples, rows }: Allowance,
): Promise<Refined | undefined> {
  const before = meter.work.rows;
  const perCall = from.nfe * modelRowsPerSample(meter.subject.guidance);
  // Calibrating, and slopes of at least one coefficient for every level.
  const least = 2 * calibration.samples * (1 + calibration.substeps) + 2 * from.nfe * samples;
  if (rows < least * perCall) return undefined;
  const artifact = await calibrated(meter, from);
  // A single-step solver's coefficients are for steps over several levels of the grid.
  const levels = sigmasOf(meter.subject.denoiser.process, from.grid).length;
  if (artifact?.grid.sigma.length !== levels) return undefined;
  const family = freeCoefficients(meter.subject, from, artifact);
  const wrapped = family.candidate(family.start, "");
  const allowance = { samples, rows: rows - (meter.work.rows - before) };
  const found = await descend(meter, wrapped, family, allowance);
  if (!found) return undefined;
  const origin = `${from.origin}, IIA coefficients${found.cost < found.startCost ? " and levels refined" : ""}`;
  return { candidate: family.candidate(found.parameters, origin), cost: found.cost };
}

/** Enough for a start: what follows lowers the error that counts. */
const calibration = { samples: 16, substeps: 4 };

async function calibrated(meter: Meter, candidate: Candidate): Promise<IiaArtifact | undefined> {
  const { solver, steps, grid } = candidate;
  const { denoiser, guidance, labels, seed, signal } = meter.subject;
  const found = await meter.work.remember(
    `calibrate ${nameOf(candidate)}`,
    iiaSchema.nullable(),
    async () => {
      try {
        const value = await calibrateIia(denoiser, {
          ...calibration,
          solver: { ...solver, name: solver.name.startsWith("iia") ? solver.name : `iia:${solver.name}` },
          steps,
          grid,
          seed,
          ...defined({ guidance, labels, signal }),
        });
        return { rows: value.cost.modelRows, value: { ...value, cost: { ...value.cost, seconds: 0 } } };
      } catch (error) {
        if (error instanceof QuenchError && ["INVALID_ARGUMENT", "MODEL_FAILED"].includes(error.code))
          return { rows: 0, value: null };
        throw error;
      }
    },
  );
  return found ?? undefined;
}

async function descend(
  meter: Meter,
  from: Candidate,
  family: Family,
  { samples, rows }: Allowance,
): Promise<Minimum | undefined> {
  const perEvaluation = samples * from.nfe * modelRowsPerSample(meter.subject.guidance);
  const most = Math.floor(rows / perEvaluation);
  if (most < family.start.length + leastSteps) return undefined;
  const residuals: Residuals = {
    ...family,
    at: (parameters) => residualsOf(meter, family.candidate(parameters, ""), samples),
  };
  const key = `refine ${nameOf(from)} ${samples} ${most}`;
  const found = await meter.work.remember(key, minimumSchema.nullable(), async () => {
    const minimum = await minimise(residuals, family.start, most);
    return {
      rows: (minimum?.evaluations ?? 1) * perEvaluation,
      value: minimum ? { ...minimum, parameters: [...minimum.parameters] } : null,
    };
  });
  return found ?? undefined;
}

async function residualsOf(
  meter: Meter,
  candidate: Candidate,
  samples: number,
): Promise<Float32Array | undefined> {
  const { batch, seed } = meter.subject;
  const all = new Float32Array(samples * meter.size);
  for (let first = 0; first < samples; first += batch) {
    const rows = Math.min(batch, samples - first);
    const truth = await meter.truth(first, rows);
    const { value } = await meter.draw(candidate, seed, first, rows);
    if (!value) return undefined;
    all.set(
      value.map((x, i) => x - truth[i]!),
      first * meter.size,
    );
  }
  return all;
}
