#include <algorithm>
#include <cmath>
#include <limits>

#include "../kernels/product.h"
#include "factors.h"

namespace quench::statistics {

Factor pivotedCholesky(InstructionSet set, const double* symmetric, std::size_t rows, const Cancelled& cancelled) {
  const Dot dot = dotKernel(set);
  std::vector<double> factor(rows * rows);
  std::vector<double> left(rows);  // what remains of the diagonal; negative for rows that were pivots
  for (std::size_t i = 0; i < rows; ++i) left[i] = symmetric[i * rows + i];
  // A few roundings of the largest element: less would factor noise, more would drop directions that are small but
  // real.
  const double largest = rows == 0 ? 0 : *std::max_element(left.begin(), left.end());
  const double least = 8 * std::numeric_limits<double>::epsilon() * largest;
  std::size_t rank = 0;
  for (; rank < rows; ++rank) {
    const auto pivot = static_cast<std::size_t>(std::max_element(left.begin(), left.end()) - left.begin());
    if (!(left[pivot] > least) || cancelled.requested()) break;
    const double root = std::sqrt(left[pivot]);
    left[pivot] = -1;
    const double* pivotRow = factor.data() + pivot * rows;
    for (std::size_t i = 0; i < rows; ++i) {
      if (left[i] < 0) continue;
      double* row = factor.data() + i * rows;
      row[rank] = (symmetric[pivot * rows + i] - dot(row, pivotRow, rank)) / root;
      left[i] = std::max(left[i] - row[rank] * row[rank], 0.0);
    }
    factor[pivot * rows + rank] = root;
  }
  for (std::size_t i = 1; i < rows; ++i) std::copy_n(factor.data() + i * rows, rank, factor.data() + i * rank);
  factor.resize(rows * rank);
  return {std::move(factor), rows, rank};
}

}  // namespace quench::statistics
