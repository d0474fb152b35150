#include "combine_in_turn.h"

#include <algorithm>
#include <cstdint>

#include "../kernels/streaming_store.h"
#include "earliest.h"
#include "elementwise.h"

namespace quench {
namespace {

/// Whether anything else in the pass reads or writes the output of combination `own`.
template <typename Real>
bool isTouched(std::span<const Combination<Real>> combinations, std::size_t own) {
  const Real* out = combinations[own].out;
  bool touched = false;
  for (std::size_t i = 0; i < combinations.size(); ++i) {
    const Combination<Real>& one = combinations[i];
    touched |= i != own && one.out == out;
    for (std::size_t k = 0; k < one.count; ++k) touched |= one.terms[k].vector == out;
  }
  return touched;
}

template <typename Real>
struct Pass {
  std::span<const Combination<Real>> combinations;
  /// Per combination: the elements over which its coefficients are the same.
  std::size_t uniform[maximumCombinations];
  bool streaming[maximumCombinations];
  Checked<Real> checked;
  CombineInTurn<Real> kernel;

  /// Where the next coefficient changes.
  std::size_t segmentEnd(std::size_t begin, std::size_t end) const {
    for (std::size_t i = 0; i < combinations.size(); ++i) end = std::min(end, (begin / uniform[i] + 1) * uniform[i]);
    return end;
  }

  /// Does a range in which no coefficient changes; returns whether it was finite.
  bool segment(std::size_t begin, std::size_t end) const {
    UniformCombination<Real> uniforms[maximumCombinations];
    for (std::size_t i = 0; i < combinations.size(); ++i) {
      const Combination<Real>& one = combinations[i];
      const bool onLine = reinterpret_cast<std::uintptr_t>(one.out + begin) % cacheLine == 0;
      uniforms[i] = uniformAt(one, begin, streaming[i] && onLine ? Store::streamed : Store::cached);
    }
    return kernel(uniforms, combinations.size(), checked, begin, end);
  }
};

template <typename Real>
bool isPerElement(const Combination<Real>& one) {
  return std::any_of(one.terms, one.terms + one.count,
                     [](const CombineTerm<Real>& term) { return term.perElement != nullptr; });
}

template <typename Real>
bool isPerRow(const Combination<Real>& one) {
  return std::any_of(one.terms, one.terms + one.count,
                     [](const CombineTerm<Real>& term) { return term.perRow != nullptr; });
}

}  // namespace

template <typename Real>
std::size_t combineInTurn(Workspace& workspace, std::span<const Combination<Real>> combinations, const Real* checked,
                          std::size_t checkedCount) {
  const std::size_t total = combinations[0].rows * combinations[0].size;
  if (total == 0) return total;
  // Coefficients per element are more memory to read than there is to save.
  if (std::any_of(combinations.begin(), combinations.end(), isPerElement<Real>)) {
    const std::size_t bad = firstNonFinite(workspace, checked, checkedCount * total);
    for (const auto& [out, terms, count, rows, size] : combinations) combine(workspace, out, terms, count, rows, size);
    return bad;
  }
  Pass<Real> pass{
      combinations, {}, {}, {checked, checkedCount, total}, combineInTurnKernel<Real>(workspace.instructionSet)};
  bool anyStreaming = false;
  std::size_t vectors = checkedCount;
  for (std::size_t i = 0; i < combinations.size(); ++i) {
    pass.uniform[i] = isPerRow(combinations[i]) ? combinations[i].size : total;
    // An output that is touched elsewhere is in the cache already when it is written.
    pass.streaming[i] =
        hasStreamingStores && total * sizeof(Real) >= workspace.streamingBytes && !isTouched(combinations, i);
    anyStreaming |= pass.streaming[i];
    vectors += combinations[i].count + 1;
  }
  Earliest bad(checkedCount * total);
  inParallel(workspace, total, total * sizeof(Real) * vectors, elementGrain, [&](std::size_t begin, std::size_t end) {
    while (begin < end) {
      const std::size_t segmentEnd = pass.segmentEnd(begin, end);
      if (!pass.segment(begin, segmentEnd)) bad.note(firstBad(pass.checked, begin, segmentEnd));
      begin = segmentEnd;
    }
    if (anyStreaming) finishStreaming();
  });
  return bad.index();
}

template std::size_t combineInTurn<float>(Workspace&, std::span<const Combination<float>>, const float*, std::size_t);
template std::size_t combineInTurn<double>(Workspace&, std::span<const Combination<double>>, const double*,
                                           std::size_t);

}  // namespace quench
