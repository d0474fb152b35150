// The Fréchet distance between Gaussians, and of most of some rows to one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../cancelled.h"
#include "../kernels/instruction_set.h"

namespace quench::statistics {

/// tr (A^1/2 B A^1/2)^1/2 = the nuclear norm of L_A^T L_B, for symmetric positive semi-definite matrices of any rank.
/// NaN for matrices that are not finite, and where it was cancelled.
double rootTrace(InstructionSet set, const double* a, const double* b, std::size_t dimension,
                 const Cancelled& cancelled);

/// Rows in groups, and the Gaussian to compare with.
struct Grouped {
  std::span<const double> rows;          ///< count x dimension, shifted so that their mean is 0
  std::span<const double> gap;           ///< that mean - the reference's
  std::span<const double> covariance;    ///< the reference's
  std::span<const std::uint32_t> group;  ///< of each row, below `groups`
  std::size_t groups;
  std::size_t dimension;
};

/// For each group the Fréchet distance of all other rows, their covariance divided by their number - 1. At least two
/// rows are outside of every group. Cancelled: of the groups done by then.
std::vector<double> distancesWithout(InstructionSet set, const Grouped& grouped, const Cancelled& cancelled);

}  // namespace quench::statistics
