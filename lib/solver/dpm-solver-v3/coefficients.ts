import type { Level } from "../../process/index.js";
import { lagrangeBasis } from "../lagrange.js";
import type { ModelStatistics } from "./model-statistics.js";

/** Coefficients of one kind, one for each element of a sample. */
export type PerElement = Float64Array;

/** x_t = keep ⊙ x_s + Σ_j onPrediction[j] ⊙ q_j + constant. */
export interface V3Step {
  readonly keep: PerElement;
  readonly onPrediction: readonly PerElement[];
  readonly constant: PerElement;
}

/** q = onNoise ⊙ ε + onX ⊙ x + constant. */
export interface V3Prediction {
  readonly onNoise: PerElement;
  readonly onX: PerElement;
  readonly constant: PerElement;
}

interface Integrals {
  readonly s: number;
  readonly t: number;
  readonly moments: readonly PerElement[];
  readonly constant: PerElement;
}

/**
 * DPM-Solver-v3's parameterisation (Zheng et al. 2023a, Eq. 6–14). With L = ∫l, S = ∫s, B = ∫e^{−S} b over λ, and
 *
 *     q = e^{−S} (σ ε − l x)/α − B,      d(e^L x/α)/dλ = −e^{L+S} (q + B),
 *
 * l, s and b being such that q hardly changes along a trajectory. All integrals are trapezoid sums over the nodes of
 * the statistics, as in the official code.
 */
export class V3Coefficients {
  readonly #size: number;
  readonly #L: Float64Array;
  readonly #S: Float64Array;
  readonly #B: Float64Array;
  readonly #l: Float64Array;
  /** The predictor of a step and the corrector that follows it ask for the same. */
  #latest: Integrals | undefined;

  /** @param degenerated l = 1, s = b = 0: data prediction, DPM-Solver++ up to the quadrature. */
  constructor(
    statistics: ModelStatistics,
    readonly lambdas: Float64Array,
    degenerated: boolean,
  ) {
    this.#size = statistics.l.length / lambdas.length;
    const { l, s, b } = degenerated ? trivial(statistics.l.length) : statistics;
    this.#l = l;
    this.#L = this.#cumulative(l);
    this.#S = this.#cumulative(s);
    this.#B = this.#cumulative(b.map((value, i) => value * Math.exp(-this.#S[i]!)));
  }

  /** q at a node. */
  prediction(node: number, { alpha, sigma }: Level): V3Prediction {
    const at = (table: Float64Array, e: number) => table[node * this.#size + e]!;
    return {
      onNoise: this.#each((e) => (Math.exp(-at(this.#S, e)) * sigma) / alpha),
      onX: this.#each((e) => (-Math.exp(-at(this.#S, e)) * at(this.#l, e)) / alpha),
      constant: this.#each((e) => -at(this.#B, e)),
    };
  }

  /**
   * The step between two nodes from the predictions at `known` (the first of them at s). The k-th derivative of q at s
   * is that of the polynomial through all of them or, `pseudo`, through the first k + 1.
   */
  step(from: Level, to: Level, s: number, t: number, known: readonly number[], pseudo: boolean): V3Step {
    const distances = known.map((node) => this.lambdas[node]! - this.lambdas[s]!);
    const taylor = known.map((_, k) => lagrangeBasis(pseudo ? distances.slice(0, k + 1) : distances));
    const { moments, constant } = this.#integrals(s, t);
    const { keep, scale } = this.#lift(from, to, s, t);
    return {
      keep,
      onPrediction: known.map((_, j) =>
        this.#each((e) => {
          let weight = 0;
          for (const [k, basis] of taylor.entries()) weight += (basis[j]?.[k] ?? 0) * moments[k]![e]!;
          return -scale[e]! * weight;
        }),
      ),
      constant: constant.map((value, e) => -scale[e]! * value),
    };
  }

  /** What a derivative of q at s does to x_t. */
  slope(from: Level, to: Level, s: number, t: number): PerElement {
    const { scale } = this.#lift(from, to, s, t);
    return this.#integrals(s, t).moments[1]!.map((value, e) => -scale[e]! * value);
  }

  /** keep = (α_t/α_s) e^{L_s−L_t} on x_s, and scale = α_t e^{L_s−L_t+S_s} on the integrals. */
  #lift(from: Level, to: Level, s: number, t: number): { keep: PerElement; scale: PerElement } {
    const decay = this.#each((e) => Math.exp(this.#L[s * this.#size + e]! - this.#L[t * this.#size + e]!));
    return {
      keep: decay.map((value) => (to.alpha / from.alpha) * value),
      scale: decay.map((value, e) => to.alpha * value * Math.exp(this.#S[s * this.#size + e]!)),
    };
  }

  /** With w = e^{L+S−L_s−S_s}: moments[k] = ∫ w (λ − λ_s)^k dλ for k = 0 … 3, and constant = ∫ w B dλ, from s to t. */
  #integrals(s: number, t: number): Integrals {
    if (this.#latest?.s === s && this.#latest.t === t) return this.#latest;
    const size = this.#size;
    const moments = Array.from({ length: 4 }, () => new Float64Array(size));
    const constant = new Float64Array(size);
    for (let node = s; node <= t; node++) {
      const left = node > s ? this.lambdas[node]! - this.lambdas[node - 1]! : 0;
      const right = node < t ? this.lambdas[node + 1]! - this.lambdas[node]! : 0;
      const distance = this.lambdas[node]! - this.lambdas[s]!;
      for (let e = 0; e < size; e++) {
        const [here, there] = [node * size + e, s * size + e];
        const exponent = this.#L[here]! + this.#S[here]! - this.#L[there]! - this.#S[there]!;
        let weight = 0.5 * (left + right) * Math.exp(exponent); // of the trapezoid rule
        constant[e]! += weight * this.#B[here]!;
        for (let k = 0; k < 4; k++, weight *= distance) moments[k]![e]! += weight;
      }
    }
    this.#latest = { s, t, moments, constant };
    return this.#latest;
  }

  /** ∫ f dλ from the first node to each. */
  #cumulative(f: Float64Array): Float64Array {
    const sums = new Float64Array(f.length);
    for (let i = this.#size; i < f.length; i++) {
      const node = Math.floor(i / this.#size);
      const width = this.lambdas[node]! - this.lambdas[node - 1]!;
      sums[i] = sums[i - this.#size]! + 0.5 * width * (f[i]! + f[i - this.#size]!);
    }
    return sums;
  }

  #each(value: (element: number) => number): PerElement {
    return Float64Array.from({ length: this.#size }, (_, e) => value(e));
  }
}

function trivial(length: number): Pick<ModelStatistics, "l" | "s" | "b"> {
  return { l: new Float64Array(length).fill(1), s: new Float64Array(length), b: new Float64Array(length) };
}
