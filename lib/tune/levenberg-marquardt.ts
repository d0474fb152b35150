import { Matrix, solve } from "ml-matrix";
import { dot } from "../dot.js";

/** Residuals that depend on a few parameters; their sum of squares is to be small. */
export interface Residuals {
  /** undefined where the parameters give none. */
  at(parameters: readonly number[]): Promise<Float32Array | undefined>;
  /** Of each parameter: the difference that stands for a derivative, and the largest change in one step. */
  readonly widths: readonly number[];
  readonly reach: readonly number[];
}

export interface Minimum {
  readonly parameters: readonly number[];
  /** Sum of squares there, and at the start. */
  readonly cost: number;
  readonly startCost: number;
  readonly evaluations: number;
}

/** Marquardt's factor on the diagonal: large means short steps down the gradient. */
const firstDamping = 0.01;
/** Steps tried with the same slopes. */
const mostFailures = 3;
/** A step that lowers the root of the cost by less than this share tells that there is little left to gain. */
const leastGain = 0.005;

/**
 * The method of Levenberg and Marquardt. Slopes are forward differences, one evaluation for every parameter; after a
 * step that lowered the cost they are brought up to date by Broyden's formula, which costs none, and measured anew
 * where they lead nowhere.
 *
 * @param most evaluations
 * @returns undefined where the start gives no residuals
 */
export async function minimise(
  residuals: Residuals,
  start: readonly number[],
  most: number,
): Promise<Minimum | undefined> {
  let parameters = start;
  const first = await residuals.at(start);
  if (!first) return undefined;
  let here = first;
  const startCost = sumOfSquares(here);
  let [cost, evaluations, damping, failures] = [startCost, 1, firstDamping, 0];
  let slopes: Slopes | undefined;
  let measured = false;
  for (;;) {
    if (!slopes) {
      if (evaluations + start.length + 1 > most) break;
      slopes = await differences(residuals, parameters, here);
      evaluations += start.length;
      [measured, failures] = [true, 0];
    }
    if (evaluations + 1 > most) break;
    const change = step(slopes, here, damping, residuals.reach);
    const next = parameters.map((value, k) => value + change[k]!);
    const there = await residuals.at(next);
    evaluations++;
    const nextCost = there ? sumOfSquares(there) : Number.POSITIVE_INFINITY;
    if (there && nextCost < cost) {
      const gain = 1 - Math.sqrt(nextCost / cost);
      slopes = updated(slopes, change, here, there);
      [parameters, here, cost] = [next, there, nextCost];
      [damping, failures] = [damping / 5, 0];
      if (gain >= leastGain) {
        measured = false;
        continue;
      }
    } else if (++failures < mostFailures) {
      damping *= 10;
      continue;
    }
    if (measured || cost === 0) break;
    [slopes, damping] = [undefined, firstDamping];
  }
  return { parameters, cost, startCost, evaluations };
}

/** One column for every parameter. */
type Slopes = readonly Float64Array[];

async function differences(
  residuals: Residuals,
  parameters: readonly number[],
  here: Float32Array,
): Promise<Slopes> {
  const slopes: Float64Array[] = [];
  for (const [k, width] of residuals.widths.entries()) {
    const there = await residuals.at(parameters.with(k, parameters[k]! + width));
    // A parameter that leads nowhere stays where it is.
    slopes.push(Float64Array.from(here, (value, i) => (there ? (there[i]! - value) / width : 0)));
  }
  return slopes;
}

/** The damped step (JᵀJ + μ diag JᵀJ) δ = −Jᵀr, no parameter beyond its reach. */
function step(slopes: Slopes, here: Float32Array, damping: number, reach: readonly number[]): number[] {
  const damped = slopes.map((a, i) =>
    slopes.map((b, j) => (i === j ? dot(a, b) * (1 + damping) || Number.MIN_VALUE : dot(a, b))),
  );
  const gradient = slopes.map((slope) => dot(slope, here));
  const change = solve(new Matrix(damped), Matrix.columnVector(gradient), true).to1DArray();
  return change.map((value, k) => -Math.min(Math.max(value, -reach[k]!), reach[k]!));
}

/** Broyden's formula: the nearest slopes that would have foretold this step. */
function updated(slopes: Slopes, change: readonly number[], here: Float32Array, there: Float32Array): Slopes {
  const length = dot(change, change);
  if (length === 0) return slopes;
  const missed = Float64Array.from(
    here,
    (value, i) => there[i]! - value - slopes.reduce((sum, slope, k) => sum + slope[i]! * change[k]!, 0),
  );
  return slopes.map((slope, k) => slope.map((value, i) => value + (missed[i]! * change[k]!) / length));
}

function sumOfSquares(values: Float32Array): number {
  return dot(values, values);
}
