import { type OptionNames, requireKnownOptions } from "../../checks/known-options.js";
import { received } from "../../checks/received.js";
import { requireFunction } from "../../checks/require-function.js";
import { parse } from "../../checks/validate.js";
import { cycled, listOf } from "../../cycled.js";
import { defined } from "../../defined.js";
import type { Denoiser } from "../../denoiser/denoiser.js";
import { modelStamp } from "../../denoiser/model-stamp.js";
import { requireDenoiser } from "../../denoiser/require-denoiser.js";
import { type ResolvedRequest, resolveRequest, type SampleRequest, stepsOf } from "../../engine/index.js";
import { requireArgument, requireInteger } from "../../errors.js";
import type { KeptWork } from "../../io/kept-work.js";
import { scaledSigma } from "../../process/index.js";
import { sizeOf } from "../../shape.js";
import {
  findSolver,
  type IiaArtifact,
  type IiaMember,
  type IiaStep,
  iiaMember,
  iiaMembers,
  requireDeterministic,
  type Step,
  sayable,
} from "../../solver/index.js";
import { type FineSolver, inner } from "./fine-solution.js";

/** What is calibrated, as a request would ask for it, and how. */
export interface IiaOptions
  extends KeptWork<IiaArtifact>,
    Pick<SampleRequest, "grid" | "guidance" | "thresholding"> {
  /**
   * The solver by name, or its name with options: a member ("iia-edm"), what a member improves ("ddim" for
   * "iia-ddim"), or any other deterministic solver ("unipc" or "iia:unipc").
   */
  readonly solver: string | { readonly name: string; readonly [option: string]: unknown };
  readonly steps: number;
  /** |B|: trajectories calibrated on. As many fresh ones show what the coefficients are worth on others. Default 200. */
  readonly samples?: number;
  /** M: sub-steps of the fine solution. Default the member's. */
  readonly substeps?: number;
  /** Classes, cycled over the samples, or one for all. Default: no class. */
  readonly labels?: number | ArrayLike<number>;
  /** Sample i of the calibration batch uses (seed, i), fresh ones follow. Default 4004: draws of seed 0 are others. */
  readonly seed?: bigint | number;
  /** Most samples in one model call; memory grows with it, not with `samples`. Default 64. */
  readonly batch?: number;
  readonly signal?: AbortSignal;
  /** Told of batches done, of how many; a batch counts once in every step. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Told of every step as it is found. */
  readonly onStep?: (index: number, step: IiaStep) => void;
}

const iiaOptions: OptionNames<IiaOptions> = {
  grid: true,
  guidance: true,
  thresholding: true,
  solver: true,
  steps: true,
  samples: true,
  substeps: true,
  labels: true,
  seed: true,
  batch: true,
  checkpoint: true,
  save: true,
  signal: true,
  onProgress: true,
  onStep: true,
};

/** A calibration that has been checked against its model. */
export interface Plan {
  readonly member: IiaMember;
  readonly options: Record<string, unknown>;
  readonly steps: readonly Step[];
  readonly fineSolver: FineSolver;
  readonly batch: number;
  /** Numbers in one sample. */
  readonly size: number;
  /** Batches of samples: first those calibrated on. */
  readonly chunks: readonly { readonly request: ResolvedRequest; readonly fresh: boolean }[];
  /** What the coefficients will be good for, and how they are found. */
  readonly subject: Omit<IiaArtifact, "kind" | "version" | "cost" | "steps">;
}

/** The member that calibrates a solver: its own name, the name it improves, or any solver's. */
export function findIiaMember(name: string): IiaMember {
  const improved = `iia-${name}`;
  const known = iiaMembers.some((member) => member.name === improved) ? improved : name;
  return iiaMember(known, findSolver) ?? iiaMember(`iia:${name}`, findSolver)!;
}

export function planOf(denoiser: Denoiser, asked: IiaOptions): Plan {
  requireDenoiser(denoiser);
  requireKnownOptions<IiaOptions>(asked, iiaOptions);
  for (const name of ["onProgress", "onStep"] as const) requireFunction(asked[name], name);
  requireArgument(
    typeof asked.solver === "string" || typeof asked.solver?.name === "string",
    "solver",
    () => `expected a name, or a name with options, received ${received(asked.solver)}`,
  );
  const { name, ...given } = typeof asked.solver === "string" ? { name: asked.solver } : asked.solver;
  const member = findIiaMember(name);
  const options = parse(member.options, given, `solver.${name}`);
  const { base } = member;
  const baseOptions = member.baseOptions(options);
  requireDeterministic(base, baseOptions, "solver", "its steps have no coefficients to optimise");
  const { samples = 200, substeps = member.substeps, batch = 64, seed = 4004, signal } = asked;
  const labels = asked.labels === undefined ? undefined : listOf(asked.labels);
  requireInteger(samples, "samples", { most: 10_000_000 });
  requireInteger(substeps, "substeps");
  requireInteger(batch, "batch");

  const requestFor = (first: number, count: number) =>
    resolveRequest(denoiser, {
      solver: { name: base.name, ...sayable(baseOptions) },
      steps: asked.steps,
      ...(labels?.length ? { labels: cycled(labels, count, first) } : {}),
      ...defined({ grid: asked.grid, guidance: asked.guidance, thresholding: asked.thresholding, signal }),
      seed,
      firstSample: first,
      count,
      // In the arithmetic that samples: what coefficients make of rounding errors then counts against them.
      dtype: "float32",
    });
  const chunksOf = (start: number, fresh: boolean) =>
    Array.from({ length: Math.ceil(samples / batch) }, (_, k) => ({
      request: requestFor(start + k * batch, Math.min(batch, samples - k * batch)),
      fresh,
    }));
  const chunks = [...chunksOf(0, false), ...chunksOf(samples, true)];
  const { grid, guidance, thresholding } = chunks[0]!.request;
  requireArgument(
    grid.steps === undefined,
    "solver",
    `"${base.name}" does not step from one level of its grid to the next: such steps have no fine solution`,
  );
  return {
    member,
    options,
    steps: stepsOf(grid),
    fineSolver: {
      base,
      options: inner(baseOptions),
      substeps,
      integerTimes: denoiser.integerTimes ?? false,
    },
    batch: Math.min(batch, samples),
    size: sizeOf(denoiser.shape),
    chunks,
    subject: {
      model: modelStamp(denoiser),
      solver: { name: member.name, ...sayable(options) },
      grid: {
        ...defined({ request: asked.grid }),
        sigma: grid.levels.map(scaledSigma),
      },
      ...defined({ guidance, thresholding }),
      ...(labels?.length ? { labels: [...labels] } : {}),
      settings: { samples, substeps, seed: String(seed) },
    },
  };
}
