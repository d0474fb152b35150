#include "gram_column.h"

#include <type_traits>

#include "../kernels/gram_column.h"
#include "earliest.h"
#include "elementwise.h"

namespace quench {
namespace {

std::size_t inOnePass(Workspace& workspace, double* out, const BasisElement<float>* basis, std::size_t basisSize,
                      std::size_t rows, std::size_t size, std::span<const Combination<float>> combinations,
                      Checked<float> checked, GramColumnUnit kernel) {
  UniformCombination<float> uniforms[maximumCombinations];
  std::size_t vectors = checked.count + basisSize;
  for (std::size_t i = 0; i < combinations.size(); ++i) {
    // What is written is about to be read.
    uniforms[i] = uniformAt(combinations[i], 0, Store::cached);
    vectors += combinations[i].count + 1;
  }
  Earliest bad(checked.count * checked.length);
  overGramUnits(workspace, out, basisSize, rows, size, rows * size * sizeof(float) * vectors,
                [&](double* sums, std::size_t begin, std::size_t count) {
                  const bool finite = kernel(sums, basis, begin, count, uniforms, combinations.size(), checked);
                  if (!finite) bad.note(firstBad(checked, begin, begin + count));
                });
  return bad.index();
}

}  // namespace

template <typename Real>
std::size_t gramColumn(Workspace& workspace, double* out, const BasisElement<Real>* basis, std::size_t basisSize,
                       std::size_t rows, std::size_t size, Accumulate accumulate,
                       std::span<const Combination<Real>> combinations, const Real* checked, std::size_t checkedCount) {
  if constexpr (std::is_same_v<Real, float>) {
    const GramColumnUnit kernel = gramColumnKernel(workspace.instructionSet, basis, basisSize);
    const bool uniform = std::all_of(combinations.begin(), combinations.end(), isUniform<Real>);
    if (kernel != nullptr && size > 0 && accumulate == Accumulate::blocked && uniform) {
      const Checked<Real> check{checked, checkedCount, rows * size};
      return inOnePass(workspace, out, basis, basisSize, rows, size, combinations, check, kernel);
    }
  }
  const std::size_t length = rows * size;
  const std::size_t bad = combinations.empty() ? firstNonFinite(workspace, checked, checkedCount * length)
                                               : combineInTurn(workspace, combinations, checked, checkedCount);
  // The whole triangle, of which a column is kept: float64 is for verification.
  const std::size_t pairs = basisSize * (basisSize + 1) / 2;
  double* all = workspace.triangles.atLeast<double>(rows * pairs);
  gram(workspace, all, basis, basisSize, rows, size, accumulate);
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t pair = 0;
    for (std::size_t k = 0; k < basisSize; ++k) {
      pair += basisSize - k;
      out[row * basisSize + k] = all[row * pairs + pair - 1];
    }
  }
  return bad;
}

template std::size_t gramColumn<float>(Workspace&, double*, const BasisElement<float>*, std::size_t, std::size_t,
                                       std::size_t, Accumulate, std::span<const Combination<float>>, const float*,
                                       std::size_t);
template std::size_t gramColumn<double>(Workspace&, double*, const BasisElement<double>*, std::size_t, std::size_t,
                                        std::size_t, Accumulate, std::span<const Combination<double>>, const double*,
                                        std::size_t);

}  // namespace quench
