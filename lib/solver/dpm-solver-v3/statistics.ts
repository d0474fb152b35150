import { z } from "zod";
import { QuenchError, requireArgument } from "../../errors.js";
import type { Level, Process } from "../../process/index.js";
import type { ModelStatistics } from "./model-statistics.js";
import { readStatistics } from "./read-statistics.js";

/** A path in JSON, the numbers themselves in programs. */
export const statisticsSchema = z
  .union([
    z.string().transform(readStatistics),
    z.custom<ModelStatistics>(isStatistics, "expected a path, or { nodes, l, s, b } with Float64Arrays"),
  ])
  .describe(
    "the model's statistics: the authors' folder, or a .npz or .safetensors with l, s, b and perhaps lambda (in a clone `scripts/reproduce/model-statistics.mjs` measures them)",
  );

function isStatistics(value: unknown): boolean {
  const { nodes, lambda, l, s, b } = (value ?? {}) as Partial<Record<keyof ModelStatistics, unknown>>;
  const tables = [l, s, b];
  return (
    Number.isSafeInteger(nodes) &&
    (nodes as number) >= 2 &&
    (lambda === undefined || (lambda instanceof Float64Array && lambda.length === nodes)) &&
    tables.every((table) => table instanceof Float64Array && table.length === (l as Float64Array).length) &&
    (l as Float64Array).length % (nodes as number) === 0
  );
}

/** The statistics' nodes. @throws QuenchError INVALID_ARGUMENT where they are not increasing */
export function nodeLambdas({ lambda, nodes }: ModelStatistics, process: Process): Float64Array {
  const [start, end] = [process.at(process.tStart).lambda, process.at(process.tEnd).lambda];
  const lambdas =
    lambda ?? Float64Array.from({ length: nodes }, (_, i) => start + ((end - start) * i) / (nodes - 1));
  const bad = lambdas.findIndex((value, i) => i > 0 && !(value > lambdas[i - 1]!));
  requireArgument(
    bad < 0,
    "solver.statistics",
    `expected increasing lambda, node ${bad} is not above the one before`,
  );
  return lambdas;
}

/**
 * Index of the node nearest to each level; halfway between two, where the last bits would decide, the even one.
 * @throws QuenchError INVALID_ARGUMENT where a level lies outside the nodes or two share a node
 */
export function snapToNodes(levels: readonly Level[], lambdas: Float64Array): number[] {
  const last = lambdas.length - 1;
  const indexes = levels.map(({ lambda }, n) => {
    const spacing = { first: lambdas[1]! - lambdas[0]!, last: lambdas[last]! - lambdas[last - 1]! };
    const inside = lambda >= lambdas[0]! - spacing.first / 2 && lambda <= lambdas[last]! + spacing.last / 2;
    if (!inside) {
      const range = `${lambdas[0]} to ${lambdas[last]}`;
      throw new QuenchError(
        "INVALID_ARGUMENT",
        `level ${n} has half-log-SNR ${lambda}, but the solver's statistics cover ${range}`,
        { where: "grid" },
      );
    }
    let above = lambdas.findIndex((node) => node >= lambda);
    if (above < 0) above = last;
    if (above === 0) return 0;
    const fraction = (lambda - lambdas[above - 1]!) / (lambdas[above]! - lambdas[above - 1]!);
    const halfway = Math.abs(fraction - 0.5) < 1e-9;
    return above - (halfway ? above % 2 : fraction < 0.5 ? 1 : 0);
  });
  const twice = indexes.findIndex((index, n) => n > 0 && index <= indexes[n - 1]!);
  requireArgument(
    twice < 0,
    "steps",
    `levels ${twice - 1} and ${twice} share a node of the solver's statistics (${lambdas.length} nodes): take fewer steps`,
  );
  return indexes;
}
