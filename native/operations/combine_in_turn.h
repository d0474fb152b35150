// Several combinations over whole arrays, in one pass through memory.
#pragma once

#include <cstddef>
#include <span>

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

/// At most maximumCombinations over the same number of elements, as `combine` would do them one after the other; before
/// them, a look for what is not finite in `checkedCount` vectors of as many elements, behind one another from `checked` on. What `combine` says of its output and its own
/// vectors holds for every output here and all vectors; `checked` is no output.
/// Returns the index of the first of their elements that is NaN or infinite, or how many they are.
template <typename Real>
std::size_t combineInTurn(Workspace& workspace, std::span<const Combination<Real>> combinations, const Real* checked,
                          std::size_t checkedCount);

}  // namespace quench
