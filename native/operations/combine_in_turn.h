// Several combinations over whole arrays, in one pass through memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "../kernels/combine_in_turn.h"
#include "../kernels/finite_element.h"
#include "combine.h"

namespace quench {

template <typename Real>
struct Combination {
  Real* out;
  const CombineTerm<Real>* terms;
  std::size_t count;
  std::size_t rows;
  std::size_t size;
};

inline constexpr std::size_t maximumCombinations = 8;

/// Whether the coefficients are the same for all elements.
template <typename Real>
bool isUniform(const Combination<Real>& one) {
  return std::all_of(one.terms, one.terms + one.count, [](const CombineTerm<Real>& term) {
    return term.perRow == nullptr && term.perElement == nullptr;
  });
}

/// What the kernels take: the coefficients as they are at an element.
template <typename Real>
UniformCombination<Real> uniformAt(const Combination<Real>& one, std::size_t element, Store store) {
  UniformCombination<Real> uniform;
  uniform.out = one.out;
  uniform.terms = one.count;
  uniform.store = store;
  for (std::size_t k = 0; k < one.count; ++k) {
    const CombineTerm<Real>& term = one.terms[k];
    uniform.vectors[k] = term.vector;
    uniform.coefficients[k] = static_cast<Real>(term.perRow == nullptr ? term.value : term.perRow[element / one.size]);
  }
  return uniform;
}

/// The first of the elements begin ... end - 1 of the checked vectors that is not finite. One of them was not: where it
/// has been overwritten by something finite since, `begin`.
template <typename Real>
std::size_t firstBad(const Checked<Real>& checked, std::size_t begin, std::size_t end) {
  for (std::size_t k = 0; k < checked.count; ++k) {
    for (std::size_t i = k * checked.length + begin; i < k * checked.length + end; ++i) {
      if (!isFinite(checked.first[i])) return i;
    }
  }
  return begin;
}

/// At most maximumCombinations over the same number of elements, as `combine` would do them one after the other; before
/// them, a look for what is not finite in `checkedCount` vectors of as many elements, behind one another from `checked`
/// on. What `combine` says of its output and its own vectors holds for every output here and all vectors, and for a
/// checked vector that is the only one. Returns the index of the first of their elements that is NaN or infinite, or
/// how many they are; where the checked vector is itself an output, the first that still is when it has been written,
/// or one before it.
template <typename Real>
std::size_t combineInTurn(Workspace& workspace, std::span<const Combination<Real>> combinations, const Real* checked,
                          std::size_t checkedCount);

}  // namespace quench
