import { requireArgument } from "../errors.js";
import { symmetricBetaQuantile } from "../schedule/index.js";
import { roundHalfEven } from "../schedule/round-half-even.js";
import { interpolateTable, linspace } from "./numpy.js";

/** Noise levels σ̃ = σ/α of a trained table, by timestep. */
export class SigmaTable {
  readonly sigmas: Float64Array;
  readonly #logs: Float64Array;

  constructor(alphasCumulative: Float64Array) {
    this.sigmas = alphasCumulative.map((squared) => Math.sqrt((1 - squared) / squared));
    this.#logs = this.sigmas.map(Math.log);
  }

  get smallest(): number {
    return this.sigmas[0]!;
  }

  get largest(): number {
    return this.sigmas.at(-1)!;
  }

  /** Between timesteps linear in σ̃. */
  at(timestep: number): number {
    return interpolateTable(this.sigmas, timestep);
  }

  /** The fractional timestep of a noise level, linear in ln σ̃. */
  timestepOf(sigma: number): number {
    const logs = this.#logs;
    const log = Math.log(Math.max(sigma, 1e-10));
    let low = 0;
    let high = logs.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (logs[middle]! <= log) low = middle;
      else high = middle;
    }
    low = Math.min(low, logs.length - 2);
    const weight = Math.min(Math.max((logs[low]! - log) / (logs[low]! - logs[low + 1]!), 0), 1);
    return (1 - weight) * low + weight * (low + 1);
  }
}

/** The options that replace the noise levels of the timesteps by a rule of their own; at most one may be set. */
export interface SigmaRuleOptions {
  readonly use_karras_sigmas?: boolean;
  readonly use_exponential_sigmas?: boolean;
  readonly use_beta_sigmas?: boolean;
  readonly use_lu_lambdas?: boolean;
}

/** The rule that a configuration asks for. @throws QuenchError INVALID_ARGUMENT where it asks for more than one */
export function sigmaRuleOf(options: SigmaRuleOptions): SigmaRule | undefined {
  const asked = (
    [
      ["karras", options.use_karras_sigmas],
      ["exponential", options.use_exponential_sigmas],
      ["beta", options.use_beta_sigmas],
      ["lu", options.use_lu_lambdas],
    ] as const
  ).filter(([, on]) => on);
  requireArgument(
    asked.length <= 1,
    "use_*_sigmas",
    `expected at most one rule for the sigmas, received ${asked.map(([name]) => name).join(" and ")}`,
  );
  return asked[0]?.[0];
}

export type SigmaRule = "karras" | "exponential" | "beta" | "lu";

/** `steps` noise levels from `largest` to `smallest`. */
export function placeSigmas(rule: SigmaRule, largest: number, smallest: number, steps: number): number[] {
  switch (rule) {
    case "karras":
      return karrasSigmas(largest, smallest, steps);
    case "exponential":
    case "lu": // uniform in ln σ̃ = −λ as well: rho is 1
      return linspace(Math.log(largest), Math.log(smallest), steps).map(Math.exp);
    case "beta": // Lee et al. 2024, α = β = 0.6
      return linspace(0, 1, steps).map(
        (u) => smallest + symmetricBetaQuantile(1 - u, 0.6) * (largest - smallest),
      );
  }
}

/** Karras et al. 2022, Eq. 5. */
export function karrasSigmas(largest: number, smallest: number, steps: number, rho = 7): number[] {
  const [from, to] = [largest ** (1 / rho), smallest ** (1 / rho)];
  return linspace(0, 1, steps).map((u) => (from + u * (to - from)) ** rho);
}

/** The multistep schedulers tell the model whole timesteps: Karras and Lu levels round, the others truncate. */
export function wholeTimestep(rule: SigmaRule, timestep: number): number {
  return rule === "karras" || rule === "lu" ? roundHalfEven(timestep) : Math.trunc(timestep);
}
