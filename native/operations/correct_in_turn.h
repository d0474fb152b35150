// A step's correction over whole arrays: what it measures, what that decides, and the combinations that follow.
#pragma once

#include <span>

#include "../reduced_entropy/formulas.h"
#include "combine_in_turn.h"
#include "gram.h"

namespace quench {

inline constexpr std::size_t maximumDecisions = 2;

/// Every vector has rows * size elements, and so has each of the `checkedCount` that lie behind one another from
/// `checked` on.
template <typename Real>
struct Correction {
  std::span<const Combination<Real>> before;
  const Real* checked;
  std::size_t checkedCount;
  /// Empty where no formula needs inner products.
  std::span<const BasisElement<Real>> basis;
  std::size_t rows;
  std::size_t size;
  Accumulate accumulate;
  std::span<const reduced_entropy::Decision> decisions;
  /// Their coefficients may be what the decisions write.
  std::span<const Combination<Real>> after;
};

/// combineInTurn of the combinations before; gramColumn of the basis; the decisions, in order, each of a formula that
/// needs basis.size() + 1 products or none; combineInTurn of those after. Row by row where a row's part of all vectors
/// fits into a near cache: all but the first look at them is then from there. The bits do not depend on it. Returns
/// what the first combineInTurn does.
template <typename Real>
std::size_t correctInTurn(Workspace& workspace, const Correction<Real>& given);

}  // namespace quench
