import { scaledSigma } from "../process/index.js";
import { type Candidate, levelsAt, possible, sigmasOf } from "./candidate.js";
import type { Subject } from "./subject.js";

/** Ways to deform a grid, of its levels' places u in [0, 1]: both ends, its middle, its halves and its thirds against each other. */
const modes: readonly ((u: number) => number)[] = [
  (u) => 1 - u,
  (u) => u,
  (u) => Math.sin(Math.PI * u),
  (u) => Math.sin(2 * Math.PI * u),
  (u) => Math.sin(3 * Math.PI * u),
];

/**
 * A candidate whose levels ln σ̃ are moved by smooth functions of their place, in units of their mean distance. A last
 * level of zero and a first one of pure noise stay.
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

/** Units of the levels' mean distance that a grid is first deformed by along each mode. */
const width = 0.4;

/**
 * Deforms a candidate's grid to lower what is measured of its samples, along one mode after the other by Rosenbrock's
 * rule: what was better is kept, and goes twice as far next time; what was not goes half as far, the other way. The
 * same noises every time: what is compared then differs by the deformation and little else.
 * @param from its value is known
 * @param trials deformations tried
 * @returns the best of what was tried, `from` where nothing was better
 */
export async function bendDown(
  subject: Subject,
  from: { readonly candidate: Candidate; readonly value: number },
  trials: number,
  measure: (candidate: Candidate) => Promise<number | undefined>,
): Promise<Candidate> {
  let best = from;
  let amounts = modes.map(() => 0);
  const steps = modes.map(() => width);
  for (let trial = 0; trial < trials; trial++) {
    const mode = trial % modes.length;
    const next = amounts.with(mode, amounts[mode]! + steps[mode]!);
    const candidate = await bent(subject, from.candidate, next);
    const value = (candidate && (await measure(candidate))) ?? Infinity;
    if (candidate && value < best.value) {
      best = { candidate, value };
      amounts = next;
      steps[mode]! *= 2;
    } else steps[mode]! *= -0.5;
  }
  return best.candidate;
}
