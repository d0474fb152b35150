// The Fréchet distance between Gaussians, and of resampled rows to one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../cancelled.h"
#include "../kernels/instruction_set.h"

namespace quench::statistics {

/// tr (A^1/2 B A^1/2)^1/2 = the nuclear norm of L_A^T L_B, for symmetric positive semi-definite matrices of any rank. NaN for
/// matrices that are not finite, and where it was cancelled.
double rootTrace(InstructionSet set, const double* a, const double* b, std::size_t dimension, const Cancelled& cancelled);

/// Rows to draw from, and the Gaussian to compare with.
struct Resampling {
  std::span<const double> rows;           ///< count x dimension, shifted so that their mean is 0
  std::span<const double> gap;            ///< that mean - the reference's
  std::span<const double> covariance;     ///< the reference's
  std::span<const std::uint32_t> draws;   ///< resamples x count indices of rows
  std::size_t count;
  std::size_t dimension;
};

/// The Fréchet distance of each draw's mean and covariance (divided by count - 1). Cancelled: of the draws done by then.
std::vector<double> resampledDistances(InstructionSet set, const Resampling& resampling, const Cancelled& cancelled);

}  // namespace quench::statistics
