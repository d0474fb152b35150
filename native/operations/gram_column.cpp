#include "gram_column.h"

#include <type_traits>

#include "../kernels/gram_column.h"
#include "earliest.h"
#include "elementwise.h"

namespace quench {
namespace {

/// Whether there was a kernel for it; `bad` is then what gramColumn returns.
bool inOnePass(Workspace& workspace, double* out, std::span<const BasisElement<float>> basis, std::size_t rows,
               std::size_t size, std::span<const Combination<float>> combinations, Checked<float> checked,
               std::size_t& bad) {
  UniformCombination<float> uniforms[maximumCombinations];
  const std::size_t count = combinations.size();
  std::size_t vectors = checked.count + basis.size();
  for (std::size_t i = 0; i < count; ++i) {
    // What is written is about to be read.
    uniforms[i] = uniformAt(combinations[i], 0, Store::cached);
    vectors += combinations[i].count + 1;
  }
  const GramColumnUnit kernel = gramColumnKernel(workspace.instructionSet, basis, {uniforms, count});
  if (kernel == nullptr) return false;
  Earliest earliest(checked.count * checked.length);
  overGramUnits(workspace, out, basis.size() + 1, rows, size, rows * size * sizeof(float) * vectors,
                [&](double* sums, std::size_t begin, std::size_t length) {
                  const bool finite = kernel(sums, basis.data(), begin, length, uniforms, count, checked);
                  if (!finite) earliest.note(firstBad(checked, begin, begin + length));
                });
  bad = earliest.index();
  return true;
}

}  // namespace

template <typename Real>
std::size_t gramColumn(Workspace& workspace, double* out, std::span<const BasisElement<Real>> basis, std::size_t rows,
                       std::size_t size, Accumulate accumulate, std::span<const Combination<Real>> combinations,
                       const Real* checked, std::size_t checkedCount) {
  const std::size_t length = rows * size;
  std::size_t bad = checkedCount * length;
  if constexpr (std::is_same_v<Real, float>) {
    const bool uniform = std::all_of(combinations.begin(), combinations.end(), isUniform<Real>);
    if (size > 0 && accumulate == Accumulate::blocked && uniform &&
        inOnePass(workspace, out, basis, rows, size, combinations, {checked, checkedCount, length}, bad)) {
      return bad;
    }
  }
  bad = combinations.empty() ? firstNonFinite(workspace, checked, bad)
                             : combineInTurn(workspace, combinations, checked, checkedCount);
  // The whole triangle, of which little is kept: float64 is for verification.
  const std::size_t pairs = basis.size() * (basis.size() + 1) / 2;
  double* all = workspace.triangles.atLeast<double>(rows * pairs);
  gram(workspace, all, basis.data(), basis.size(), rows, size, accumulate);
  for (std::size_t row = 0; row < rows; ++row) {
    const double* triangle = all + row * pairs;
    double* kept = out + row * (basis.size() + 1);
    kept[0] = triangle[0];
    std::size_t pair = 0;
    for (std::size_t k = 0; k < basis.size(); ++k) {
      pair += basis.size() - k;
      kept[k + 1] = triangle[pair - 1];
    }
  }
  return bad;
}

template std::size_t gramColumn<float>(Workspace&, double*, std::span<const BasisElement<float>>, std::size_t,
                                       std::size_t, Accumulate, std::span<const Combination<float>>, const float*,
                                       std::size_t);
template std::size_t gramColumn<double>(Workspace&, double*, std::span<const BasisElement<double>>, std::size_t,
                                        std::size_t, Accumulate, std::span<const Combination<double>>, const double*,
                                        std::size_t);

}  // namespace quench
