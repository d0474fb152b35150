import { requireArgument } from "../errors.js";
import { atScaledSigma, type Level, scaledSigma, vpClock } from "../process/index.js";
import { roundHalfEven } from "./round-half-even.js";
import { interpolate, type Rule, type TimeBetween } from "./schedule.js";

/** t^{1/ρ}, t the time of the linear VP process through both ends (EDM Table 1, "vp"; ρ = 1 there). */
export function vpTime(rho = 1): TimeBetween {
  return (process, from, to) => {
    const [highest, lowest] = [scaledSigma(from), scaledSigma(to)];
    const clock = vpClock(lowest, highest);
    requireArgument(
      Math.abs(clock.timeOf(highest) - 1) < 1e-6,
      "grid",
      () =>
        `schedule "vp": the linear VP process through sigma ${highest} and ${lowest} has a negative beta: ` +
        "its noise would not fall throughout; take a lower sigmaMin",
    );
    return {
      of: (level) => clock.timeOf(scaledSigma(level)) ** (1 / rho),
      at: (root) => atScaledSigma(process, clock.sigmaOf(root ** rho)),
    };
  };
}

/** 1 − u where ln σ̃ falls as (1 − u)^ρ; ρ = 1 is uniform in log-SNR. */
export function polyexponentialTime(rho = 1): TimeBetween {
  return (process, from, to) => ({
    of: ({ lambda }) => Math.max(0, (to.lambda - lambda) / (to.lambda - from.lambda)) ** (1 / rho),
    at: (left) => process.atLambda(interpolate(to.lambda, from.lambda, left ** rho)),
  });
}

const iddpm = { levels: 1000, c1: 0.001, c2: 0.008 };

/**
 * Picks from the 1,000 noise levels of improved DDPM's cosine schedule (EDM Table 1, "iddpm", M = 1000, C_1 = 0.001,
 * C_2 = 0.008) those inside the range, evenly by index. The ends are the outermost levels picked, not the range's own.
 */
export const iddpmRule: Rule = (process, from, to, intervals) => {
  const inside = iddpmSigmas().filter((sigma) => sigma >= scaledSigma(to) && sigma <= scaledSigma(from));
  requireArgument(
    inside.length > intervals,
    "steps",
    `schedule "iddpm" has only ${inside.length} levels in this range, ${intervals + 1} are needed`,
  );
  return Array.from({ length: intervals + 1 }, (_, i): Level => {
    const index = roundHalfEven((i * (inside.length - 1)) / Math.max(1, intervals));
    return atScaledSigma(process, inside[index]!);
  });
};

/** u_{j−1} = √((u_j² + 1)/max(ᾱ_{j−1}/ᾱ_j, C_1) − 1), noisiest first. */
function iddpmSigmas(): number[] {
  const { levels, c1, c2 } = iddpm;
  const alphaBar = (j: number) => Math.sin((0.5 * Math.PI * j) / levels / (c2 + 1)) ** 2;
  const sigmas = [0];
  for (let j = levels; j > 0; j--) {
    const u = sigmas.at(-1)!;
    sigmas.push(Math.sqrt((u * u + 1) / Math.max(alphaBar(j - 1) / alphaBar(j), c1) - 1));
  }
  return sigmas.reverse();
}
