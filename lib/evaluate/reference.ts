import { existsSync } from "node:fs";
import { defined } from "../defined.js";
import { modelRowsPerSample } from "../engine/index.js";
import { readNpz, writeNpz } from "../io/index.js";
import { firstNonFinite, type Vector } from "../native/index.js";
import { scaledSigma } from "../process/index.js";
import type { CellPlan, CellRequest, ReferenceDescription } from "./cell.js";
import { type DrawingOptions, drawAll } from "./drawing.js";
import type { Draws } from "./draws.js";
import { jsonHash } from "./json-hash.js";
import type { ParsedPlan } from "./plan.js";
import type { Store } from "./store.js";
import type { Drawer, Subject } from "./subject.js";

/** A high-accuracy solution from the noises of some cells. */
export interface ReferencePlan extends Omit<ReferenceDescription, "nfe"> {
  readonly request: CellRequest;
  readonly rowsPerSample: number;
}

export interface Reference {
  readonly samples: Vector;
  readonly description: ReferenceDescription;
}

/**
 * The reference of a cell: the model's ODE solved finely from the level that the cell starts at to the one it ends at,
 * from the same x_T. Cells with equal ends, guidance and dtype share it. Thresholding is left out: it is the model's
 * own trajectory.
 */
export function referenceOf(cell: CellPlan, plan: ParsedPlan, subject: Subject, draws: Draws): ReferencePlan {
  const { solver, steps, schedule } = plan.reference ?? defaultReference(subject);
  const [first, last] = [cell.levels[0]!, cell.levels.at(-1)!];
  const { guidance, dtype } = cell.request;
  const [from, to] = [scaledSigma(first), scaledSigma(last)];
  const request: CellRequest = {
    solver,
    steps,
    grid: {
      schedule: schedule ?? "log-snr",
      sigmaMax: from,
      ...(to > 0 ? { sigmaMin: to, final: "min" as const } : { final: "zero" as const }),
    },
    initialScale: cell.startScale,
    ...defined({ guidance, dtype }),
  };
  return {
    key: jsonHash({ model: subject.hash, request, ...draws }),
    solver: typeof solver === "string" ? solver : JSON.stringify(solver),
    steps,
    from,
    to,
    request,
    rowsPerSample: steps * modelRowsPerSample(guidance),
  };
}

/** Mixtures cost little: solve them until rounding is all that is left. */
function defaultReference({ truth }: Subject): NonNullable<ParsedPlan["reference"]> {
  return truth
    ? { solver: { name: "unipc", order: 3 }, steps: 400 }
    : { solver: { name: "unipc", order: 3 }, steps: 96 };
}

/** References of a folder, each solved once, whoever asks first. */
export class References {
  readonly #known = new Map<string, Promise<Reference>>();

  constructor(
    readonly store: Store,
    readonly drawer: () => Promise<Drawer>,
    readonly draws: Draws,
    readonly size: number,
  ) {}

  has(key: string): boolean {
    return existsSync(this.store.referencePath(key));
  }

  get(plan: ReferencePlan, options: DrawingOptions): Promise<Reference> {
    const known = this.#known.get(plan.key) ?? this.#solve(plan, options);
    this.#known.set(plan.key, known);
    return known;
  }

  async #solve(
    { key, solver, steps, from, to, request }: ReferencePlan,
    options: DrawingOptions,
  ): Promise<Reference> {
    const path = this.store.referencePath(key);
    const kept = this.has(key) ? await readNpz(path).catch(() => undefined) : undefined;
    const [samples, calls] = [kept?.get("samples")?.data, kept?.get("nfe")?.data];
    const describe = (nfe: number) => ({ key, solver, steps, nfe, from, to });
    const numbers = this.draws.samples * this.draws.seeds.length * this.size;
    const whole = samples instanceof Float32Array || samples instanceof Float64Array;
    if (whole && samples.length === numbers && firstNonFinite(samples) < 0 && calls)
      return { samples, description: describe(Number(calls[0])) };
    const drawn = await drawAll(await this.drawer(), request, this.draws, this.size, options);
    await writeNpz(path, {
      samples: { data: drawn.samples, shape: [drawn.samples.length / this.size, this.size] },
      nfe: { data: Int32Array.of(drawn.nfe), shape: [1] },
    });
    return { samples: drawn.samples, description: describe(drawn.nfe) };
  }
}
