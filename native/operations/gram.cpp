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
  const std::size_t unitsPerRow = (size + gramUnit - 1) / gramUnit;
  const std::size_t units = rows * unitsPerRow;
  // A row of one unit is finished where it is computed; longer rows leave their partial sums here.
  double* sums = unitsPerRow == 1 ? out : workspace.scratch.atLeast<double>(units * pairs);
  const bool differences =
      std::any_of(basis, basis + basisSize, [](const BasisElement<Real>& element) { return element.subtrahend != nullptr; });
  const GramUnit<Real> kernel = gramKernel<Real>(workspace.instructionSet, accumulate, basisSize, differences);
  const auto runUnit = [&](std::size_t unit) {
    const std::size_t row = unit / unitsPerRow;
    const std::size_t offset = unit % unitsPerRow * gramUnit;
    kernel(sums + unit * pairs, basis, row * size + offset, std::min(gramUnit, size - offset));
  };
  inParallel(workspace, units, rows * size * sizeof(Real) * basisSize, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t unit = begin; unit < end; ++unit) runUnit(unit);
  });
  if (unitsPerRow == 1) return;
  for (std::size_t row = 0; row < rows; ++row) {
    addGramUnits(out + row * pairs, sums + row * unitsPerRow * pairs, unitsPerRow, pairs);
  }
}

template void gram<float>(Workspace&, double*, const BasisElement<float>*, std::size_t, std::size_t, std::size_t,
                          Accumulate);
template void gram<double>(Workspace&, double*, const BasisElement<double>*, std::size_t, std::size_t, std::size_t,
                           Accumulate);

}  // namespace quench
