// The inner loops of dense float64 algebra, in an order that never depends on the machine.
#pragma once

#include <cstddef>

#include "instruction_set.h"

namespace quench {

inline constexpr std::size_t tileRows = 4;
inline constexpr std::size_t tileColumns = 16;

/// out[i * outStep + j] += sum_k a[k * tileRows + i] b[k * tileColumns + j], k in order, for i < rows, j < columns.
using TileProduct = void (*)(double* out, std::size_t outStep, const double* a, const double* b, std::size_t depth,
                             std::size_t rows, std::size_t columns);
TileProduct tileProductKernel(InstructionSet set);

/// sum_j a[j] b[j] over sixteen lanes.
using Dot = double (*)(const double* a, const double* b, std::size_t length);
Dot dotKernel(InstructionSet set);

/// row -= u x + z w, then sum += v row: one step of a bidiagonalisation, on one row.
using UpdateRow = void (*)(double* row, const double* x, const double* w, double* sum, double u, double z, double v,
                           std::size_t length);
UpdateRow updateRowKernel(InstructionSet set);

}  // namespace quench
