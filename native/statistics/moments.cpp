#include "moments.h"

#include <algorithm>
#include <cmath>

#include "product.h"

namespace quench::statistics {

template <typename Real>
void addMoments(Workspace& workspace, double* mean, double* products, const Real* rows, std::size_t count,
                std::size_t dimension, std::size_t before) {
  // The block about its own mean, and below it the way between the means, weighted so that its square is the merge's
  // term.
  double* block = workspace.scratch.atLeast<double>((momentsBlock + 1) * dimension);
  for (std::size_t first = 0; first < count; first += momentsBlock) {
    const std::size_t length = std::min(momentsBlock, count - first);
    const Real* from = rows + first * dimension;
    double* gap = block + length * dimension;
    std::fill_n(gap, dimension, 0.0);
    for (std::size_t row = 0; row < length; ++row) {
      for (std::size_t j = 0; j < dimension; ++j) gap[j] += static_cast<double>(from[row * dimension + j]);
    }
    for (std::size_t j = 0; j < dimension; ++j) gap[j] /= static_cast<double>(length);
    for (std::size_t row = 0; row < length; ++row) {
      for (std::size_t j = 0; j < dimension; ++j) {
        block[row * dimension + j] = static_cast<double>(from[row * dimension + j]) - gap[j];
      }
    }
    const auto old = static_cast<double>(before + first);
    const auto added = static_cast<double>(length);
    const double share = added / (old + added);
    const double weight = std::sqrt(old * share);
    for (std::size_t j = 0; j < dimension; ++j) {
      const double way = gap[j] - mean[j];
      mean[j] += way * share;
      gap[j] = weight * way;
    }
    const Columns<double> columns{block, dimension, 1, dimension};
    addProduct(workspace.instructionSet, workspace.threads, products, columns, columns, length + 1,
               Part::upperTriangle);
  }
}

template void addMoments<float>(Workspace&, double*, double*, const float*, std::size_t, std::size_t, std::size_t);
template void addMoments<double>(Workspace&, double*, double*, const double*, std::size_t, std::size_t, std::size_t);

}  // namespace quench::statistics
