// Factors of symmetric matrices and singular values, all in float64 on the calling thread, the same bits everywhere.
#pragma once

#include <cstddef>
#include <vector>

#include "../cancelled.h"
#include "../kernels/instruction_set.h"

namespace quench::statistics {

/// A = L L^T for a positive semi-definite matrix of any rank; rows x rank, row by row.
struct Factor {
  std::vector<double> values;
  std::size_t rows = 0;
  std::size_t rank = 0;
};

/// Cholesky's factor with the largest remaining diagonal element first (Higham 1990), which ends at the rank: where
/// what remains is not above rounding errors. Reads `symmetric` (rows x rows) by rows. Cancelled: of a lower rank than
/// the matrix.
Factor pivotedCholesky(InstructionSet set, const double* symmetric, std::size_t rows, const Cancelled& cancelled);

/// The sum of the singular values of a rows x columns matrix, which is used up. NaN where the iteration does not
/// converge, which takes input that is not finite, and where it was cancelled.
double nuclearNorm(InstructionSet set, std::vector<double> matrix, std::size_t rows, std::size_t columns,
                   const Cancelled& cancelled);

}  // namespace quench::statistics
