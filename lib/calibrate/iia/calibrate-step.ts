import type { IiaStep, Step } from "../../solver/index.js";
import type { FineSolver } from "./fine-solution.js";
import { leastSquares } from "./least-squares.js";
import { Products } from "./products.js";
import { beginStep, endStep, type Scratch, solveAndSpan, type Trajectories } from "./trajectory.js";

export interface Parties {
  readonly calibration: readonly Trajectories[];
  readonly fresh: readonly Trajectories[];
}

/** Finds one step's coefficients and takes the step with them, on the calibration batch and then on the fresh one. */
export async function calibrateStep(
  { calibration, fresh }: Parties,
  step: Step,
  solver: FineSolver,
  scratch: Scratch,
  onBatch: () => void,
): Promise<IiaStep> {
  const seen = new Sums(step, solver, scratch);
  for (const some of calibration) await inTurn(some, () => seen.add(some));
  const { coefficients, condition, rank } = await leastSquares(seen.products.sums, seen.quantities);
  let residual = 0;
  for (const some of calibration) {
    await inTurn(some, async () => {
      residual += endStep(some, coefficients);
    });
    onBatch();
  }

  const unseen = new Sums(step, solver, scratch);
  let freshResidual = 0;
  for (const some of fresh) {
    await inTurn(some, async () => {
      await unseen.add(some);
      freshResidual += endStep(some, coefficients);
    });
    onBatch();
  }
  const perSample = (sum: number) => sum / calibration.reduce((rows, some) => rows + some.rows, 0);
  return {
    coefficients: [...coefficients],
    residual: perSample(residual),
    baseResidual: perSample(seen.lacking),
    freshResidual: perSample(freshResidual),
    freshBaseResidual: perSample(unseen.lacking),
    condition,
    rank,
  };
}

/** Takes a step whose coefficients are known. */
export async function followStep(
  all: readonly Trajectories[],
  step: Step,
  coefficients: readonly number[],
  onBatch: () => void,
): Promise<void> {
  for (const some of all) {
    await inTurn(some, async () => {
      await beginStep(some, step);
      endStep(some, coefficients);
    });
    onBatch();
  }
}

async function inTurn({ memory }: Trajectories, work: () => Promise<void>): Promise<void> {
  await memory.resume();
  await work();
  await memory.suspend();
}

/** Inner products of a step's quantities and of what the base's step lacks, over batches of samples. */
class Sums {
  #products: Products | undefined;

  constructor(
    readonly step: Step,
    readonly solver: FineSolver,
    readonly scratch: Scratch,
  ) {}

  async add(some: Trajectories): Promise<void> {
    await beginStep(some, this.step);
    const vectors = await solveAndSpan(some, this.step, this.solver, this.scratch);
    this.#products ??= new Products(vectors.length);
    this.#products.add(some.run, vectors);
    this.scratch.clear();
  }

  get products(): Products {
    return this.#products!;
  }

  get quantities(): number {
    return this.products.count - 1;
  }

  /** Σ ‖fine − base‖². */
  get lacking(): number {
    return this.products.sums.at(-1)!;
  }
}
