import { Decimal } from "decimal.js";

/** Scalar arithmetic in which a formula can be computed word for word. */
export interface Arithmetic<T> {
  of(value: number): T;
  number(value: T): number;
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
  div(a: T, b: T): T;
  sqrt(a: T): T;
  exp(a: T): T;
  ln(a: T): T;
}

const rounded = (round: (value: number) => number): Arithmetic<number> => ({
  of: round,
  number: (value) => value,
  add: (a, b) => round(a + b),
  sub: (a, b) => round(a - b),
  mul: (a, b) => round(a * b),
  div: (a, b) => round(a / b),
  sqrt: (a) => round(Math.sqrt(a)),
  exp: (a) => round(Math.exp(a)),
  ln: (a) => round(Math.log(a)),
});

export const float64 = rounded((value) => value);
export const float32 = rounded(Math.fround);

const Wide = Decimal.clone({ precision: 34 });

/** Thirty-four decimal digits, twice float64's and some. */
export const extended: Arithmetic<Decimal> = {
  of: (value) => new Wide(value),
  number: (value) => value.toNumber(),
  add: (a, b) => a.plus(b),
  sub: (a, b) => a.minus(b),
  mul: (a, b) => a.times(b),
  div: (a, b) => a.div(b),
  sqrt: (a) => a.sqrt(),
  exp: (a) => a.exp(),
  ln: (a) => a.ln(),
};
