#include "gram.h"

#include <algorithm>

namespace quench {

template <typename Real>
void gram(Workspace& workspace, double* out, const BasisElement<Real>* basis, std::size_t basisSize, std::size_t rows,
          std::size_t size, Accumulate accumulate) {
  const std::size_t pairs = basisSize * (basisSize + 1) / 2;
  if (size == 0) {
    std::fill_n(out, rows * pairs, 0.0);
    return;
  }
  const bool differences = std::any_of(basis, basis + basisSize,
                                       [](const BasisElement<Real>& element) { return element.subtrahend != nullptr; });
  const GramUnit<Real> kernel = gramKernel<Real>(workspace.instructionSet, accumulate, basisSize, differences);
  overGramUnits(workspace, out, pairs, rows, size, rows * size * sizeof(Real) * basisSize,
                [&](double* sums, std::size_t begin, std::size_t count) { kernel(sums, basis, begin, count); });
}

template void gram<float>(Workspace&, double*, const BasisElement<float>*, std::size_t, std::size_t, std::size_t,
                          Accumulate);
template void gram<double>(Workspace&, double*, const BasisElement<double>*, std::size_t, std::size_t, std::size_t,
                           Accumulate);

}  // namespace quench
