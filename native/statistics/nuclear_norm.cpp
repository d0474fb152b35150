// Singular values in two steps: Householder reflections from both sides to a bidiagonal matrix (Golub & Kahan 1965),
// then implicit QL with Wilkinson's shift on the symmetric tridiagonal matrix with zero diagonal that has their plus
// and minus as eigenvalues. Nothing is squared on the way, so small singular values are as good as large ones,
// absolutely.
#include <algorithm>
#include <cmath>
#include <limits>

#include "../kernels/product.h"
#include "factors.h"

namespace quench::statistics {
namespace {

/// Turns x into v with (I - g v v^T) x = (beta, 0, ..., 0).
struct Reflection {
  double beta;
  double g;
};

Reflection reflect(Dot dot, double* x, std::size_t length) {
  const double norm = std::sqrt(dot(x, x, length));
  if (norm == 0) return {0, 0};
  const double beta = x[0] > 0 ? -norm : norm;
  const double g = 1 / (norm * (norm + std::abs(x[0])));
  x[0] -= beta;
  return {beta, g};
}

/// The bidiagonal's elements in turn: diagonal, above it, diagonal, ... (2 columns - 1 of them). rows >= columns.
///
/// The update of each step, A - u x^T - z w^T, waits until the next step reads A: twice through memory per step, not
/// four times. Empty where it was cancelled.
std::vector<double> bidiagonal(InstructionSet set, std::vector<double>& matrix, std::size_t rows, std::size_t columns,
                               const Cancelled& cancelled) {
  const Dot dot = dotKernel(set);
  const UpdateRow updateRow = updateRowKernel(set);
  std::vector<double> elements;
  elements.reserve(2 * columns);
  std::vector<double> u(rows), z(rows), v(rows);
  std::vector<double> x(columns), w(columns), y(columns), rowTail(columns);
  for (std::size_t k = 0; k < columns; ++k) {
    if (cancelled.requested()) return {};
    for (std::size_t i = k; i < rows; ++i) v[i] = matrix[i * columns + k] - (u[i] * x[k] + z[i] * w[k]);
    const Reflection fromLeft = reflect(dot, v.data() + k, rows - k);
    elements.push_back(fromLeft.beta);
    const std::size_t next = k + 1;
    const std::size_t rest = columns - next;
    if (rest == 0) break;
    std::fill(y.begin() + static_cast<std::ptrdiff_t>(next), y.end(), 0.0);
    for (std::size_t i = k; i < rows; ++i) {
      updateRow(matrix.data() + i * columns + next, x.data() + next, w.data() + next, y.data() + next, u[i], z[i],
                fromLeft.g * v[i], rest);
    }
    for (std::size_t j = next; j < columns; ++j) rowTail[j] = matrix[k * columns + j] - v[k] * y[j];
    const Reflection fromRight = reflect(dot, rowTail.data() + next, rest);
    elements.push_back(fromRight.beta);
    const double along = dot(y.data() + next, rowTail.data() + next, rest);
    for (std::size_t i = next; i < rows; ++i) {
      z[i] = fromRight.g * (dot(matrix.data() + i * columns + next, rowTail.data() + next, rest) - v[i] * along);
    }
    std::swap(u, v);
    std::swap(x, y);
    std::swap(w, rowTail);
  }
  return elements;
}

/// Eigenvalues of the symmetric tridiagonal matrix with `diagonal` and, beside it, `beside`: implicit QL (EISPACK's
/// imtql1), with an absolute measure of convergence. False where it does not converge.
bool tridiagonalEigenvalues(std::vector<double>& diagonal, std::vector<double>& beside, double negligible) {
  const std::size_t n = diagonal.size();
  beside.resize(n);
  beside[n - 1] = 0;
  for (std::size_t l = 0; l < n; ++l) {
    for (int iteration = 0;; ++iteration) {
      std::size_t m = l;
      while (m + 1 < n && !(std::abs(beside[m]) <= negligible)) ++m;
      if (m == l) break;
      if (iteration == 60) return false;
      double g = (diagonal[l + 1] - diagonal[l]) / (2 * beside[l]);
      double r = std::sqrt(g * g + 1);
      g = diagonal[m] - diagonal[l] + beside[l] / (g + (g < 0 ? -r : r));
      double s = 1;
      double c = 1;
      double p = 0;
      bool split = false;
      for (std::size_t i = m; i-- > l;) {
        const double f = s * beside[i];
        const double b = c * beside[i];
        r = std::sqrt(f * f + g * g);
        beside[i + 1] = r;
        if (r == 0) {
          diagonal[i + 1] -= p;
          beside[m] = 0;
          split = true;
          break;
        }
        s = f / r;
        c = g / r;
        g = diagonal[i + 1] - p;
        r = (diagonal[i] - g) * s + 2 * c * b;
        p = s * r;
        diagonal[i + 1] = g + p;
        g = c * r - b;
      }
      if (split) continue;
      diagonal[l] -= p;
      beside[l] = g;
      beside[m] = 0;
    }
  }
  return true;
}

}  // namespace

double nuclearNorm(InstructionSet set, std::vector<double> matrix, std::size_t rows, std::size_t columns,
                   const Cancelled& cancelled) {
  if (matrix.empty()) return 0;
  if (rows < columns) {
    std::vector<double> transposed(matrix.size());
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) transposed[j * rows + i] = matrix[i * columns + j];
    }
    matrix = std::move(transposed);
    std::swap(rows, columns);
  }
  double scale = 0;
  for (const double value : matrix) scale = std::max(scale, std::abs(value));
  if (scale == 0) return 0;
  // Squares then neither overflow nor vanish.
  for (double& value : matrix) value /= scale;
  std::vector<double> beside = bidiagonal(set, matrix, rows, columns, cancelled);
  if (beside.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> values(beside.size() + 1);
  double largest = 0;
  for (const double value : beside) largest = std::max(largest, std::abs(value));
  if (!tridiagonalEigenvalues(values, beside, std::numeric_limits<double>::epsilon() * largest)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  double sum = 0;
  for (const double value : values) sum += std::abs(value);
  return 0.5 * sum * scale;
}

}  // namespace quench::statistics
