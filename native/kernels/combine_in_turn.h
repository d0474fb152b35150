// Several combinations in one loop over the elements: a few lines of every vector at a time, in registers and the first
// cache from where the first combination reads them to where the last one writes.
#pragma once

#include <cstddef>

#include "combine.h"

namespace quench {

/// out[i] = sum_k coefficients[k] * vectors[k][i]. A streamed output takes whole lines, and nothing else in the loop
/// may touch it.
template <typename Real>
struct UniformCombination {
  Real* out;
  const Real* vectors[maximumTerms];
  Real coefficients[maximumTerms];
  std::size_t terms;
  Store store;
};

/// Vectors behind one another, `length` elements each, that are to be finite.
template <typename Real>
struct Checked {
  const Real* first;
  std::size_t count;
  std::size_t length;
};

/// Does the combinations one after the other over the elements begin ... end - 1. Returns whether those of all the
/// checked vectors are finite.
template <typename Real>
using CombineInTurn = bool (*)(const UniformCombination<Real>* combinations, std::size_t count, Checked<Real> checked,
                               std::size_t begin, std::size_t end);

template <typename Real>
CombineInTurn<Real> combineInTurnKernel(InstructionSet set);

}  // namespace quench
