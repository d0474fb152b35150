import type { Arithmetic } from "./arithmetic.js";

/** One channel of one sample: x_T, the predictions in the order the model is asked, and the times of an EDM grid. */
export interface Row {
  readonly x: ArrayLike<number>;
  readonly predictions: readonly ArrayLike<number>[];
  readonly times: readonly number[];
}

/**
 * EVODiff as published, line for line on vectors, on the EDM process (α = 1, σ = t) with a DDIM last step. Every
 * difference and every inner product is formed as it is written.
 */
export function literalReleased<T>(a: Arithmetic<T>, { x: start, predictions, times }: Row): number[] {
  const { of, add, sub, mul, div } = a;
  const one = of(1);
  const half = of(0.5);
  type V = readonly T[];
  const vector = (values: ArrayLike<number>): V => Array.from(values, (value) => of(value));
  const plus = (u: V, v: V) => u.map((value, i) => add(value, v[i]!));
  const minus = (u: V, v: V) => u.map((value, i) => sub(value, v[i]!));
  const times_ = (k: T, v: V) => v.map((value) => mul(k, value));
  const dot = (u: V, v: V) => u.reduce((sum, value, i) => add(sum, mul(value, v[i]!)), of(0));
  const less = (p: T, q: T) => a.number(sub(p, q)) < 0;
  const clamp = (value: T, low: T, high: T) => (less(value, low) ? low : less(high, value) ? high : value);
  const clip = (value: T) => clamp(value, of(-2), of(2));
  const abs = (value: T) => (less(value, of(0)) ? sub(of(0), value) : value);
  const logistic = (value: T) => div(one, add(one, a.exp(sub(of(0), value))));

  const t = times.map(of);
  const steps = times.length - 1;
  let x = vector(start);
  let m1: V = [];
  let m0 = vector(predictions[0]!);
  for (let n = 1; n <= steps; n++) {
    const [to, from, before] = [t[n]!, t[n - 1]!, t[n - 2]!];
    const rho0 = div(to, from);
    const h = sub(div(one, to), div(one, from));
    const xE = plus(times_(rho0, x), times_(mul(to, h), m0));
    if (n === 1 || n === steps) {
      x = xE;
      if (n < steps) [m1, m0] = [m0, vector(predictions[n]!)];
      continue;
    }
    const rho1 = div(from, before);
    const r = div(a.ln(div(before, from)), a.ln(div(from, to)));
    const tau = div(add(to, of(0.002)), add(of(80), of(0.002)));
    const w = mul(half, sub(one, mul(tau, tau)));
    const b = a.sqrt(div(rho0, rho1));
    const balance = (ratio: T) => add(mul(sub(one, w), b), mul(w, clip(ratio)));

    const ka = balance(div(dot(m0, m1), dot(m1, m1)));
    const D1 = minus(m0, times_(ka, m1));
    const ri = clamp(mul(logistic(mul(of(0.25), abs(ka))), r), mul(of(0.25), r), mul(of(1.5), r));
    const weight = div(mul(half, mul(to, h)), ri);
    const xP = plus(xE, times_(weight, D1));
    const mt = vector(predictions[n]!);
    const kc = balance(div(dot(mt, m0), dot(m0, m0)));
    const D2 = minus(mt, times_(kc, m0));

    const U = times_(div(one, mul(r, h)), D1);
    const V = times_(div(r, h), D2);
    const etaStar = mul(half, clip(div(dot(plus(V, U), minus(V, U)), dot(minus(V, U), minus(V, U)))));
    const eta = mul(half, logistic(abs(etaStar)));
    const B = minus(times_(mul(r, sub(one, eta)), D2), times_(div(eta, r), D1));
    const P = minus(minus(xP, xE), times_(weight, B));
    const zetaStar = div(clip(div(dot(P, D1), dot(D1, D1))), mul(h, to));
    const z = sub(abs(zetaStar), half);
    let zeta = logistic(z);
    if (steps > 20) {
      const D = times_(div(one, h), minus(m0, m1));
      const q = clip(div(dot(m0, D), dot(D, D)));
      zeta = logistic(mul(sub(of(0), z), logistic(mul(q, sub(of(2), mul(rho0, rho0))))));
    }
    x = plus(xE, times_(div(mul(half, mul(to, h)), zeta), B));
    [m1, m0] = [m0, mt];
  }
  return x.map(a.number);
}

/** EVODiff as Algorithm 1 prints it, the same way; a row is a whole sample. */
export function literalPaper<T>(a: Arithmetic<T>, { x: start, predictions, times }: Row): number[] {
  const { of, add, sub, mul, div } = a;
  const one = of(1);
  const half = of(0.5);
  type V = readonly T[];
  const vector = (values: ArrayLike<number>): V => Array.from(values, (value) => of(value));
  const plus = (u: V, v: V) => u.map((value, i) => add(value, v[i]!));
  const minus = (u: V, v: V) => u.map((value, i) => sub(value, v[i]!));
  const scale = (k: T, v: V) => v.map((value) => mul(k, value));
  const dot = (u: V, v: V) => u.reduce((sum, value, i) => add(sum, mul(value, v[i]!)), of(0));
  const abs = (value: T) => (a.number(value) < 0 ? sub(of(0), value) : value);
  const logistic = (value: T) => div(one, add(one, a.exp(sub(of(0), value))));

  const t = times.map(of);
  const steps = times.length - 1;
  let x = vector(start);
  let m1: V = [];
  let m0 = vector(predictions[0]!);
  for (let n = 1; n <= steps; n++) {
    const [to, from, before] = [t[n]!, t[n - 1]!, t[n - 2]!];
    const h = sub(div(one, to), div(one, from));
    // f(x_t) = f(x_s) + h m0 + (h²/2) gradient, f(x) = x/σ
    const step = (gradient: V) =>
      scale(to, plus(plus(scale(div(one, from), x), scale(h, m0)), scale(mul(half, mul(h, h)), gradient)));
    if (n === 1 || n === steps) {
      x = step(scale(of(0), m0));
      if (n < steps) [m1, m0] = [m0, vector(predictions[n]!)];
      continue;
    }
    const r = div(a.ln(div(before, from)), a.ln(div(from, to)));
    const backward = scale(div(one, mul(r, h)), minus(m0, m1)); // B(t_i, l_i)
    const xP = step(backward);
    const mt = vector(predictions[n]!);
    const forward = scale(div(one, h), minus(mt, m0)); // B(s_i, t_i)

    const F = minus(backward, forward);
    const etaStar = sub(of(0), div(dot(F, backward), dot(F, F))); // Eq. 4.19
    const eta = logistic(abs(etaStar));
    const mixed = plus(scale(mul(half, eta), forward), scale(sub(one, mul(half, eta)), backward));

    // Eq. 4.12, 4.15 and 4.16; F(s_i, t_{i−1}) = F(s_i, t_i) = forward
    const halfSquare = mul(half, mul(h, h));
    const back = plus(minus(scale(div(one, to), xP), scale(h, mt)), scale(halfSquare, forward));
    const P = minus(plus(scale(from, back), scale(div(from, to), xP)), scale(mul(from, halfSquare), forward));
    const PTilde = minus(P, scale(mul(from, h), m0));
    const D = minus(mt, m0);
    const zetaStar = sub(of(0), div(dot(D, PTilde), mul(mul(from, h), dot(D, D))));
    const zeta = logistic(sub(abs(zetaStar), half));
    x = step(scale(zeta, mixed));
    [m1, m0] = [m0, mt];
  }
  return x.map(a.number);
}
