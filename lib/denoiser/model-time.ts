import { type Level, level, type Process } from "../process/index.js";

/**
 * The level a network would take its told time for: the inverse of `process.at(t).modelTime`. Integer times of a
 * discrete process read its table, as networks trained on it do.
 */
export function levelFromModelTime(process: Process): (modelTime: number) => Level {
  if (process.type === "edm") {
    // σ itself is told 1 at σ = 1, ln(σ)/4 is told 0.
    const logarithmic = process.at(1).modelTime === 0;
    return (modelTime) => process.at(logarithmic ? Math.exp(4 * modelTime) : modelTime);
  }
  // The other processes tell the model an affine function of t.
  const at = (t: number) => process.at(t).modelTime;
  const slope = (at(0.75) - at(0.25)) * 2;
  const intercept = at(0.25) - 0.25 * slope;
  const table = process.alphasCumulative;
  return (modelTime) => {
    const t = (modelTime - intercept) / slope;
    if (table && Number.isInteger(modelTime) && modelTime >= 0 && modelTime < table.length) {
      const squared = table[modelTime]!;
      return level(t, modelTime, Math.sqrt(squared), Math.sqrt(1 - squared));
    }
    return process.at(t);
  };
}
