import { scaledSigma } from "../process/index.js";
import { type Candidate, levelsAt, possible, sigmasOf } from "./candidate.js";
import type { Subject } from "./subject.js";

/** Ways to deform a grid, of its levels' places u in [0, 1]: both ends, its middle, and its halves against each other. */
const modes: readonly ((u: number) => number)[] = [
  (u) => 1 - u,
  (u) => u,
  (u) => Math.sin(Math.PI * u),
  (u) => Math.sin(2 * Math.PI * u),
];

/**
 * A candidate whose levels ln σ̃ are moved by smooth functions of their place, in units of their mean distance. A last level
 * of zero and a first one of pure noise stay.
 * @returns undefined where levels would change places or leave what the model knows
 */
async function bent(
  subject: Subject,
  from: Candidate,
  amounts: readonly number[],
): Promise<Candidate | undefined> {
  const { denoiser } = subject;
  const { process } = denoiser;
  const sigmas = sigmasOf(process, from.grid);
  const free = sigmas.filter((sigma) => sigma > 0 && Number.isFinite(sigma)).map(Math.log);
  const unit = (free[0]! - free.at(-1)!) / (free.length - 1);
  if (!(unit > 0)) return undefined;
  const [top, bottom] = [process.at(process.tStart), process.at(process.tEnd)].map(scaledSigma) as [
    number,
    number,
  ];
  const moved = free.map((log, i) => {
    const u = i / (free.length - 1);
    const by = modes.reduce((sum, mode, k) => sum + amounts[k]! * mode(u), 0);
    return Math.min(top, Math.max(bottom, Math.exp(log + unit * by)));
  });
  if (moved.some((sigma, i) => i > 0 && !(sigma < moved[i - 1]!))) return undefined;
  let next = 0;
  const placed = sigmas.map((sigma) => (sigma > 0 && Number.isFinite(sigma) ? moved[next++]! : sigma));
  const origin = `${from.origin}, bent`;
  return possible(subject, { ...from, origin }, () => levelsAt(denoiser, placed));
}

/** Units of the levels' mean distance that a grid is first deformed by, either way. */
const width = 0.25;

/** Draws of the metric that one descent takes: both ways along every mode, and all of them at once. */
export const bendTrials = 2 * modes.length + 1;

/**
 * Deforms a candidate's grid to lower what is measured of its samples, by a step of a parabola along each mode. The same noises
 * every time: what is compared then differs by the deformation and little else.
 * @param from its value is known
 * @returns the best of what was tried, `from` where nothing was better
 */
export async function bendDown(
  subject: Subject,
  from: { readonly candidate: Candidate; readonly value: number },
  measure: (candidate: Candidate) => Promise<number | undefined>,
): Promise<Candidate> {
  let best = from;
  const at = async (amounts: readonly number[]): Promise<number> => {
    const candidate = await bent(subject, from.candidate, amounts);
    const value = (candidate && (await measure(candidate))) ?? Infinity;
    if (candidate && value < best.value) best = { candidate, value };
    return value;
  };
  const step: number[] = [];
  for (let k = 0; k < modes.length; k++) {
    const along = (amount: number) => modes.map((_, j) => (j === k ? amount : 0));
    const [below, above] = [await at(along(-width)), await at(along(width))];
    step.push(width * vertex(below, from.value, above));
  }
  await at(step);
  return best.candidate;
}

/** Where a parabola through values at −1, 0 and 1 is lowest in [−1, 1]; where it is not one, the best of the three. */
function vertex(below: number, here: number, above: number): number {
  const curvature = below + above - 2 * here;
  if (Number.isFinite(curvature) && curvature > 0)
    return Math.max(-1, Math.min(1, (below - above) / 2 / curvature));
  const least = Math.min(below, here, above);
  return least === here ? 0 : least === below ? -1 : 1;
}
