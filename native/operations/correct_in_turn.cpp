#include "correct_in_turn.h"

#include <type_traits>

#include "../kernels/combine_near.h"
#include "../kernels/gram_column.h"
#include "earliest.h"
#include "elementwise.h"
#include "gram_column.h"

namespace quench {
namespace {

/// What a row may take to be near, every vector counted as often as it is read or written before the correction: half
/// of a small second cache.
constexpr std::size_t nearBytes = std::size_t{512} << 10;

/// Elements of each vector that are measured before the first of them are combined: short rows go several at a time, so
/// that every vector is read in long stretches.
constexpr std::size_t stretch = 32768;

void decide(std::span<const reduced_entropy::Decision> decisions, const double* products, std::size_t begin,
            std::size_t end) {
  for (const reduced_entropy::Decision& decision : decisions) decision.formula->run(decision, products, begin, end);
}

template <typename Real>
bool isPerRowOf(const Combination<Real>& one, std::size_t rows) {
  return std::all_of(one.terms, one.terms + one.count, [&](const CombineTerm<Real>& term) {
    return term.perElement == nullptr && (term.perRow == nullptr || one.rows == rows);
  });
}

/// Whether a row's combinations before the correction are the same as any other's, and those after it one row's own.
bool canGoByRows(const Correction<float>& given) {
  return given.accumulate == Accumulate::blocked && !given.basis.empty() && !given.after.empty() && given.size > 0 &&
         std::all_of(given.before.begin(), given.before.end(), isUniform<float>) &&
         std::all_of(given.after.begin(), given.after.end(),
                     [&](const Combination<float>& one) { return isPerRowOf(one, given.rows); });
}

/// Everything in a row of the vectors before the next one, where that can be.
class ByRows {
 public:
  ByRows(const Workspace& workspace, const Correction<float>& given)
      : given_(given), checked_{given.checked, given.checkedCount, given.rows * given.size} {
    for (const Combination<float>& one : given.before) before_[beforeCount_++] = uniformAt(one, 0, Store::cached);
    measureKernel_ = gramColumnKernel(workspace.instructionSet, given.basis, {before_, beforeCount_});
  }

  /// Whether there is a kernel for it, a row is near, and rows are enough for the threads.
  bool isWorthIt(const Workspace& workspace) const {
    const bool alone = workspace.threads.size() == 1 || bytes() < parallelBytes;
    return measureKernel_ != nullptr && bytes() / given_.rows <= nearBytes &&
           (alone || given_.rows >= workspace.threads.size());
  }

  std::size_t run(Workspace& workspace) const {
    UniformCombination<float> after[maximumCombinations];
    const CombineNear combineKernel = combineNearKernel(workspace.instructionSet, {after, uniformAfter(after, 0)});
    const std::size_t sums = given_.basis.size() + 1;
    const std::size_t units = (given_.size + gramUnit - 1) / gramUnit;
    double* partial = workspace.scratch.atLeast<double>(given_.rows * units * sums);
    double* products = workspace.products.atLeast<double>(given_.rows * sums);
    const std::size_t together = std::max<std::size_t>(1, stretch / given_.size);
    Earliest bad(checked_.count * checked_.length);
    inParallel(workspace, given_.rows, bytes(), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t row = begin; row < end; row += together) {
        const std::size_t last = std::min(end, row + together);
        for (std::size_t i = row; i < last; ++i) {
          measure(i, units, partial + i * units * sums, products + i * sums, bad);
        }
        decide(given_.decisions, products + row * sums, row, last);
        for (std::size_t i = row; i < last; ++i) {
          UniformCombination<float> combinations[maximumCombinations];
          const std::size_t count = uniformAfter(combinations, i * given_.size);
          combineKernel(combinations, count, i * given_.size, (i + 1) * given_.size);
        }
      }
    });
    return bad.index();
  }

 private:
  /// Bytes to be moved.
  std::size_t bytes() const {
    std::size_t vectors = checked_.count + given_.basis.size();
    for (const Combination<float>& one : given_.before) vectors += one.count + 1;
    return vectors * checked_.length * sizeof(float);
  }

  std::size_t uniformAfter(UniformCombination<float>* combinations, std::size_t element) const {
    std::size_t count = 0;
    for (const Combination<float>& one : given_.after) combinations[count++] = uniformAt(one, element, Store::cached);
    return count;
  }

  void measure(std::size_t row, std::size_t units, double* partial, double* products, Earliest& bad) const {
    const std::size_t sums = given_.basis.size() + 1;
    for (std::size_t unit = 0; unit < units; ++unit) {
      const std::size_t begin = row * given_.size + unit * gramUnit;
      const std::size_t count = std::min(gramUnit, (row + 1) * given_.size - begin);
      const bool finite =
          measureKernel_(partial + unit * sums, given_.basis.data(), begin, count, before_, beforeCount_, checked_);
      if (!finite) bad.note(firstBad(checked_, begin, begin + count));
    }
    addGramUnits(products, partial, units, sums);
  }

  const Correction<float>& given_;
  Checked<float> checked_;
  UniformCombination<float> before_[maximumCombinations];
  std::size_t beforeCount_ = 0;
  GramColumnUnit measureKernel_ = nullptr;
};

}  // namespace

template <typename Real>
std::size_t correctInTurn(Workspace& workspace, const Correction<Real>& given) {
  if constexpr (std::is_same_v<Real, float>) {
    if (canGoByRows(given)) {
      const ByRows byRows(workspace, given);
      if (byRows.isWorthIt(workspace)) return byRows.run(workspace);
    }
  }
  const auto& [before, checked, checkedCount, basis, rows, size, accumulate, decisions, after] = given;
  const std::size_t sums = basis.size() + 1;
  double* products = workspace.products.atLeast<double>(rows * sums);
  std::size_t bad = checkedCount * rows * size;
  if (!basis.empty()) {
    bad = gramColumn(workspace, products, basis, rows, size, accumulate, before, checked, checkedCount);
  } else if (!before.empty()) {
    bad = combineInTurn(workspace, before, checked, checkedCount);
  } else {
    bad = firstNonFinite(workspace, checked, bad);
  }
  decide(decisions, products, 0, rows);
  if (!after.empty()) combineInTurn<Real>(workspace, after, nullptr, 0);
  return bad;
}

template std::size_t correctInTurn<float>(Workspace&, const Correction<float>&);
template std::size_t correctInTurn<double>(Workspace&, const Correction<double>&);

}  // namespace quench
