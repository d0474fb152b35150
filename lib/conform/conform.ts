import { sample } from "../engine/index.js";
import { throwIfAborted } from "../errors.js";
import { type Adapter, type Plan, Unsupported } from "./adapter.js";
import { diffSampler } from "./families/diff-sampler.js";
import { diffusers } from "./families/diffusers.js";
import { dpmSolver } from "./families/dpm-solver.js";
import { dpmSolverEdm } from "./families/dpm-solver-edm.js";
import { dpmSolverV3 } from "./families/dpm-solver-v3.js";
import { edmHeun } from "./families/edm-heun.js";
import { evodiff } from "./families/evodiff.js";
import { kDiffusion } from "./families/k-diffusion.js";
import { unipc } from "./families/unipc.js";
import type { GoldenCase, GoldenFile } from "./golden.js";
import { readGolden } from "./golden.js";

/** Adapters by the family a golden file names. */
const families: Readonly<Record<string, Adapter>> = {
  evodiff,
  "edm-heun": edmHeun,
  "diff-sampler": diffSampler,
  "k-diffusion": kDiffusion,
  diffusers,
  "dpm-solver": dpmSolver,
  "dpm-solver-edm": dpmSolverEdm,
  "dpm-solver-v3": dpmSolverV3,
  unipc,
  "unipc-edm": unipc,
  "ode-truth": () => {
    throw new Unsupported("an exact ODE solution to compare with, not a sampler's run");
  },
};

export interface ConformResult {
  readonly id: string;
  readonly status: "pass" | "fail" | "unsupported";
  /** Why a case is unsupported or could not be run. */
  readonly reason?: string;
  readonly maxError: number | null;
  /** Largest absolute error over ‖x_0‖∞. */
  readonly relError: number | null;
  readonly tolerance: number;
  readonly nfe: number | null;
  /** Model calls the reference counted. */
  readonly referenceNfe: number;
}

export interface ConformOptions {
  readonly dtype?: "float64" | "float32";
  readonly only?: RegExp;
  readonly signal?: AbortSignal;
  readonly onCase?: (result: ConformResult, index: number, total: number) => void;
}

/**
 * Runs every case of golden-vector files that the registry can run, through `sample()`.
 * @throws QuenchError INVALID_FILE for a golden file; ABORTED between two cases
 */
export async function conform(
  paths: readonly string[],
  options: ConformOptions = {},
): Promise<ConformResult[]> {
  const cases: { golden: GoldenCase; file: GoldenFile }[] = [];
  for (const path of paths) {
    const file = await readGolden(path);
    for (const golden of file.cases)
      if (!options.only || options.only.test(golden.id)) cases.push({ golden, file });
  }
  const results: ConformResult[] = [];
  for (const [index, { golden, file }] of cases.entries()) {
    throwIfAborted(options.signal, "the run of golden cases");
    const result = await runCase(golden, file, options.dtype ?? "float64");
    results.push(result);
    options.onCase?.(result, index, cases.length);
  }
  return results;
}

async function runCase(
  golden: GoldenCase,
  file: GoldenFile,
  dtype: "float64" | "float32",
): Promise<ConformResult> {
  const single = dtype === "float32" || golden.dtype.startsWith("float32");
  const tolerance = golden.tolerance ?? (single ? 1e-4 : 1e-9);
  const base = { id: golden.id, tolerance, referenceNfe: golden.nfe };
  try {
    const { denoiser, request } = planOf(golden, file);
    const { data, nfe } = await sample(denoiser, { ...request, dtype });
    if (data.length !== golden.x_0.length)
      throw new Error(`the reference has ${golden.x_0.length} numbers where the samples have ${data.length}`);
    const maxError = largest(golden.x_0, (value, i) => Math.abs(value - data[i]!));
    const relError = maxError / largest(golden.x_0, Math.abs);
    return { ...base, status: relError <= tolerance ? "pass" : "fail", maxError, relError, nfe };
  } catch (error) {
    const status = error instanceof Unsupported ? "unsupported" : "fail";
    return { ...base, status, reason: (error as Error).message, maxError: null, relError: null, nfe: null };
  }
}

/** @throws Unsupported with the reason */
export function planOf(golden: GoldenCase, file: GoldenFile): Plan {
  const adapter = Object.hasOwn(families, file.family) ? families[file.family] : undefined;
  if (!adapter) throw new Unsupported(`family ${file.family}`);
  return adapter(golden, file);
}

/** Largest of a function over an array; NaN wins, so that it never passes for small. */
function largest(values: readonly number[], of: (value: number, index: number) => number): number {
  let result = 0;
  for (const [index, value] of values.entries()) {
    const here = of(value, index);
    if (!(here <= result)) result = here;
    if (Number.isNaN(result)) return result;
  }
  return result;
}
