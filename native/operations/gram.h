// gram over whole arrays: rows, fixed units of work, threads.
#pragma once

#include <algorithm>
#include <cstddef>

#include "../kernels/gram.h"
#include "workspace.h"

namespace quench {

/// Writes rows * basisSize (basisSize + 1) / 2 inner products, per row the upper triangle row by row. Each basis
/// element holds rows * size values.
template <typename Real>
void gram(Workspace& workspace, double* out, const BasisElement<Real>* basis, std::size_t basisSize, std::size_t rows,
          std::size_t size, Accumulate accumulate);

/// How gram cuts its work: calls runUnit(sums, begin, count) for units that cover rows * size elements, and adds what
/// each wrote into its `pairs` sums.
template <typename RunUnit>
void overGramUnits(Workspace& workspace, double* out, std::size_t pairs, std::size_t rows, std::size_t size,
                   std::size_t bytes, const RunUnit& runUnit) {
  const std::size_t unitsPerRow = (size + gramUnit - 1) / gramUnit;
  const std::size_t units = rows * unitsPerRow;
  // A row of one unit is finished where it is computed; longer rows leave their partial sums here.
  double* sums = unitsPerRow == 1 ? out : workspace.scratch.atLeast<double>(units * pairs);
  inParallel(workspace, units, bytes, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t unit = begin; unit < end; ++unit) {
      const std::size_t offset = unit % unitsPerRow * gramUnit;
      runUnit(sums + unit * pairs, unit / unitsPerRow * size + offset, std::min(gramUnit, size - offset));
    }
  });
  if (unitsPerRow == 1) return;
  for (std::size_t row = 0; row < rows; ++row) {
    addGramUnits(out + row * pairs, sums + row * unitsPerRow * pairs, unitsPerRow, pairs);
  }
}

}  // namespace quench
