// combine over whole arrays: rows, coefficient kinds, threads, streaming stores.
#pragma once

#include <cstddef>

#include "../kernels/combine.h"
#include "workspace.h"

namespace quench {

/// out = sum of the terms over rows * size elements. Coefficients are rounded to Real once. `out` may be one of
/// the vectors or lie apart from them; it must not overlap one partly, nor any coefficient.
template <typename Real>
void combine(Workspace& workspace, Real* out, const CombineTerm<Real>* terms, std::size_t count, std::size_t rows,
             std::size_t size);

}  // namespace quench
