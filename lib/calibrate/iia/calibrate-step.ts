import type { IiaStep, Run, Step } from "../../solver/index.js";
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
  const solution = await leastSquares(seen.products.sums, seen.quantities, seen.rounding);
  const { condition, rank } = solution;
  const coefficients = seen.isRounding ? solution.coefficients.map(() => 0) : solution.coefficients;
  let residual = 0;
  for (const some of calibration) {
    await inTurn(some, async () => {
      for (const square of endStep(some, step, coefficients)) residual += square;
    });
    onBatch();
  }

  const unseen = new Sums(step, solver, scratch);
  let freshResidual = 0;
  for (const some of fresh) {
    await inTurn(some, async () => {
      await unseen.add(some);
      for (const square of endStep(some, step, coefficients)) freshResidual += square;
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
      endStep(some, step, coefficients);
    });
    onBatch();
  }
}

async function inTurn({ memory }: Trajectories, work: () => Promise<void>): Promise<void> {
  await memory.resume();
  await work();
  await memory.suspend();
}

/** (2 units in the last place of float32)²: the share of ‖v‖² that is rounding. */
const unitSquare = 2 ** -46;

/** Inner products of a step's quantities and of what the base's step lacks, over batches of samples. */
class Sums {
  readonly rounding: number[] = [];
  #products: Products | undefined;
  #stateRounding = 0;

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
    this.#addRounding(some);
    this.scratch.clear();
  }

  /** What rounding may put into each quantity and into the state, squared: it grows with the vectors, not with their differences. */
  #addRounding({ fine, lookBack, form }: Trajectories): void {
    const known = new Map<Run["x"], number>();
    const squares = (vector: Run["x"]): number => {
      const found = known.get(vector) ?? lookBack.squaresOf(vector);
      known.set(vector, found);
      return found;
    };
    this.#stateRounding += unitSquare * squares(fine);
    for (const [j, quantity] of form!.quantities.entries()) {
      this.rounding[j] ??= 0;
      for (const [weight, vector] of quantity) {
        this.rounding[j]! += unitSquare * weight * weight * squares(vector);
      }
    }
  }

  /** Whether the base's step is the fine one but for rounding: then there is nothing to fit. */
  get isRounding(): boolean {
    return this.lacking <= 4 * this.#stateRounding;
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
