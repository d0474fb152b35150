/**
 * Quantile of the symmetric beta distribution Beta(a, a), 0 < a, to about 1e-15. The incomplete beta function is
 * its hypergeometric series x^a Σ (1−a)_k/k! x^k/(a+k), which for x ≤ ½ gains a bit a term; its value at ½ is half of
 * the whole, so no gamma function is needed.
 */
export function symmetricBetaQuantile(probability: number, a: number): number {
  if (probability <= 0) return 0;
  if (probability > 0.5) return 1 - symmetricBetaQuantile(1 - probability, a);
  const target = 2 * probability * incompleteBeta(0.5, a);
  let x = 0.5 * (2 * probability) ** (1 / a);
  for (let i = 0; i < 20; i++) {
    // Newton in ln x, which cannot leave x > 0.
    const value = incompleteBeta(x, a);
    const change = (value - target) / (x * x ** (a - 1) * (1 - x) ** (a - 1));
    x = Math.min(x * Math.exp(-change), 0.5);
    if (Math.abs(change) < 1e-16) break;
  }
  return x;
}

/** The share of Beta(a, a) below x; 0 and 1 outside [0, 1]. */
export function symmetricBeta(x: number, a: number): number {
  if (x <= 0) return 0;
  if (x > 0.5) return 1 - symmetricBeta(1 - x, a);
  return incompleteBeta(x, a) / (2 * incompleteBeta(0.5, a));
}

/** ∫_0^x u^{a−1} (1−u)^{a−1} du for x ≤ ½. */
function incompleteBeta(x: number, a: number): number {
  let term = x ** a;
  let sum = term / a;
  for (let k = 1; k < 200; k++) {
    term *= ((k - a) / k) * x;
    const next = sum + term / (a + k);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
