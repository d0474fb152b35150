import { defined } from "../defined.js";
import type { Denoiser, MixtureWorld } from "../denoiser/index.js";
import { requireSameModel } from "../denoiser/model-stamp.js";
import { effectiveGuidance, modelRowsPerSample, resolveRequest } from "../engine/index.js";
import { requireMemory } from "../engine/memory-limit.js";
import { QuenchError, requireArgument } from "../errors.js";
import { isStochastic } from "../solver/index.js";
import type { CellPlan, CellRequest, Column } from "./cell.js";
import { type Draws, withDraws } from "./draws.js";
import { jsonHash } from "./json-hash.js";
import { mostSteps } from "./most-steps.js";
import type { ParsedMethod, ParsedPlan } from "./plan.js";

interface Expanding {
  readonly denoiser: Denoiser;
  readonly hash: string;
  readonly truth: MixtureWorld | undefined;
  readonly draws: Draws;
}

/**
 * The cells of a plan, all checked against the model, methods in order and each with its columns in order.
 * @throws QuenchError INVALID_ARGUMENT or UNKNOWN_NAME naming the method and the option
 */
export async function expand(plan: ParsedPlan, expanding: Expanding): Promise<CellPlan[]> {
  const names = new Set<string>();
  const cells: CellPlan[] = [];
  for (const method of plan.methods) {
    const name = nameOf(method);
    requireArgument(!names.has(name), "methods", `two methods are named "${name}"`);
    names.add(name);
    for (const place of method.presets ? presetColumns(method, plan, expanding) : columnsOf(method, plan)) {
      try {
        cells.push(cellOf(name, await withSteps(place, expanding), expanding));
      } catch (cause) {
        if (!(cause instanceof QuenchError)) throw cause;
        const { by, count } = place.column;
        const { code, where } = cause;
        const message = where === undefined ? cause.message : cause.message.slice(`${where}: `.length);
        throw new QuenchError(code, `${message} (method "${name}", ${by} ${count})`, {
          cause,
          ...defined({ where }),
        });
      }
    }
  }
  return cells;
}

function nameOf({ name, solver }: ParsedMethod): string {
  if (name !== undefined) return name;
  return solver === undefined ? "presets" : typeof solver === "string" ? solver : solver.name;
}

/** A method at one column. */
interface MethodAt {
  readonly column: Column;
  readonly request: CellRequest;
}

/** One column for each preset. */
function presetColumns(method: ParsedMethod, plan: ParsedPlan, { denoiser }: Expanding): MethodAt[] {
  const { presets, dtype } = method;
  const counts = new Set<number>();
  return presets!.map((preset) => {
    if (typeof preset === "string") throw new Error("presets are read before a plan is expanded");
    requireSameModel(preset.model, denoiser, "tuned", "preset");
    const { nfe, solver, steps, grid, guidance } = preset;
    requireArgument(
      plan.guidance === undefined || effectiveGuidance(plan.guidance) === effectiveGuidance(guidance),
      "guidance",
      () => `the plan's is ${plan.guidance}, and a preset of "${nameOf(method)}" is of ${guidance ?? "none"}`,
    );
    requireArgument(
      !counts.has(nfe),
      "methods",
      `two presets of "${nameOf(method)}" are of ${nfe} model calls: make them two methods`,
    );
    counts.add(nfe);
    return { column: { by: "nfe", count: nfe }, request: defined({ solver, steps, grid, guidance, dtype }) };
  });
}

function columnsOf(method: ParsedMethod, plan: ParsedPlan): MethodAt[] {
  const { name: _name, steps: _steps, nfe: _nfe, presets: _presets, ...asked } = method;
  const { steps, nfe } = method.steps || method.nfe ? method : plan;
  requireArgument(
    (steps === undefined) !== (nfe === undefined),
    "steps",
    steps ? "expected steps or nfe, not both" : "expected steps or nfe",
  );
  const by = steps ? "steps" : "nfe";
  return [...new Set(steps ?? nfe)].map((count) => ({
    column: { by, count },
    request: defined({
      ...asked,
      guidance: asked.guidance ?? plan.guidance,
      steps: by === "steps" ? count : undefined,
    }),
  }));
}

/** With as many steps as its calls allow, where the plan counts calls. */
async function withSteps({ column, request }: MethodAt, { denoiser, draws }: Expanding): Promise<MethodAt> {
  if (request.steps !== undefined) return { column, request };
  const asked = { ...withDraws(request, draws, 0n, 0, 1), solver: request.solver! };
  return { column, request: { ...request, steps: await mostSteps(denoiser, asked, column.count) } };
}

function cellOf(
  method: string,
  { column, request: asked }: MethodAt,
  { denoiser, hash, truth, draws }: Expanding,
): CellPlan {
  const request: CellRequest = { ...asked, dtype: asked.dtype ?? (truth ? "float64" : "float32") };
  requireArgument(
    (request.guidance ?? 1) === 1 || !draws.labels?.every((label) => label === denoiser.nullClass),
    "guidance",
    "expected labels: without a class guidance changes nothing, and takes twice the model rows",
  );
  const resolved = resolveRequest(denoiser, withDraws(request, draws, 0n, 0, 1));
  const { solver, options, grid, steps } = resolved;
  const rows = draws.samples * draws.seeds.length;
  requireMemory(denoiser.shape, rows, resolved.dtype, "samples", "take fewer samples, or fewer seeds");
  const levels = grid.levels.map(({ t, modelTime, alpha, sigma }) => ({ t, modelTime, alpha, sigma }));
  // A solver that decides its calls itself says none: a guess, for the progress only.
  const nfe = solver.evaluations(steps, options) ?? 4 * steps;
  const decides = {
    version: 1,
    model: hash,
    solver: solver.name,
    options,
    grid: { name: grid.name, levels, steps: grid.steps },
    steps,
    guidance: resolved.guidance,
    initialScale: resolved.initialScale,
    thresholding: resolved.thresholding,
    denoiseToZero: resolved.denoiseToZero,
    dtype: resolved.dtype,
    ...draws,
  };
  return {
    key: jsonHash(decides),
    method,
    column,
    request,
    stochastic: isStochastic(solver, options),
    levels,
    startScale: resolved.initialScale ?? levels[0]!.sigma,
    rowsPerSample: nfe * modelRowsPerSample(resolved.guidance),
  };
}
