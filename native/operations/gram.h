// gram over whole arrays: rows, fixed units of work, threads.
#pragma once

#include <cstddef>

#include "../kernels/gram.h"
#include "workspace.h"

namespace quench {

/// Writes rows * basisSize (basisSize + 1) / 2 inner products, per row the upper triangle row by row. Each basis
/// element holds rows * size values.
template <typename Real>
void gram(Workspace& workspace, double* out, const BasisElement<Real>* basis, std::size_t basisSize, std::size_t rows,
          std::size_t size, Accumulate accumulate);

}  // namespace quench
