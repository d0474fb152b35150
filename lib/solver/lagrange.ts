/**
 * Coefficients of the Lagrange basis: entry [j][k] multiplies θ^k in the polynomial ℓ_j that is 1 at nodes[j] and 0 at
 * the other nodes. The nodes must differ.
 */
export function lagrangeBasis(nodes: readonly number[]): number[][] {
  return nodes.map((node, j) => {
    let coefficients = [1];
    for (let i = 0; i < nodes.length; i++) {
      const other = nodes[i]!;
      if (i !== j) coefficients = timesRoot(coefficients, other, 1 / (node - other));
    }
    return coefficients;
  });
}

/** The polynomial times scale·(θ − root). */
function timesRoot(coefficients: readonly number[], root: number, scale: number): number[] {
  const product = new Array<number>(coefficients.length + 1).fill(0);
  for (let k = 0; k < coefficients.length; k++) {
    const c = coefficients[k]!;
    product[k]! -= c * root * scale;
    product[k + 1]! += c * scale;
  }
  return product;
}

/** Σ_k c_k θ^k. */
export function polynomialAt(coefficients: readonly number[], theta: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * theta + coefficients[k]!;
  return sum;
}
