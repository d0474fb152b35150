/**
 * φ_k(z) = ∫₀¹ e^{(1−θ)z} θ^{k−1}/(k−1)! dθ = Σ_j z^j/(j+k)!, k ≥ 1: the functions every exponential integrator is
 * made of (Hochbruck & Ostermann 2010, Eq. 2.10). φ₁ by expm1; the others by their series where |z| < 2, as the
 * recurrence φ_{k+1} = (φ_k − 1/k!)/z cancels for small z, and by the recurrence beyond.
 */
export function phi(k: number, z: number): number {
  if (k === 1) return z === 0 ? 1 : Math.expm1(z) / z;
  return Math.abs(z) < 2 ? series(k, z) : (phi(k - 1, z) - 1 / factorial(k - 1)) / z;
}

function series(k: number, z: number): number {
  let term = 1 / factorial(k);
  let sum = 0;
  for (let j = k + 1; Math.abs(term) > 1e-18 * Math.abs(sum); j++) {
    sum += term;
    term *= z / j;
  }
  return sum;
}

export function factorial(n: number): number {
  let product = 1;
  for (let i = 2; i <= n; i++) product *= i;
  return product;
}
