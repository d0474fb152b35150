import { requireArgument } from "../errors.js";
import { type Level, type Process, scaledSigma } from "../process/index.js";

/** Of a timestep: what is nearest to a trained one is meant by it. */
const slack = 0.5;

/**
 * A level, unless the process is a table of timesteps that it lies outside of: what a model is told there was never
 * trained, and below the first timestep there is no level at all.
 * @throws QuenchError INVALID_ARGUMENT
 */
export function knownLevel(process: Process, level: Level, where: string): Level {
  const trained = process.alphasCumulative?.length;
  const { modelTime } = level;
  const known = trained === undefined || (modelTime >= -slack && modelTime <= trained - 1 + slack);
  requireArgument(known, where, () => {
    const ends = [process.tEnd, process.tStart];
    const [from, to] = ends.map((t) => scaledSigma(process.at(t)).toPrecision(4));
    return (
      `expected 0 or a level of the model's ${trained} timesteps (t ${ends.join(" to ")}, sigma ${from} to ${to}), ` +
      `received t ${level.t}`
    );
  });
  return level;
}
