// combine over whole arrays: rows, coefficient kinds, threads, streaming stores.
#pragma once

#include <cstddef>

#include "../kernels/combine.h"
#include "workspace.h"

namespace quench {

/// One vector and its coefficient. Exactly one of the three forms holds: `perElement` (a value for each
/// element of a row, shared by all rows), else `perRow`, else `value`.
template <typename Real>
struct CombineTerm {
  const Real* vector;
  double value;
  const double* perRow;
  const Real* perElement;
};

/// out = sum of the terms over rows * size elements. Coefficients are rounded to Real once. `out` may be one of
/// the vectors or lie apart from them; it must not overlap one partly, nor any coefficient.
template <typename Real>
void combine(Workspace& workspace, Real* out, const CombineTerm<Real>* terms, std::size_t count, std::size_t rows,
             std::size_t size);

}  // namespace quench
