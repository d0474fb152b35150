// Mean and covariance of rows that arrive in blocks.
#pragma once

#include <cstddef>

#include "../operations/workspace.h"

namespace quench::statistics {

/// Rows that are taken together. A stream cut at multiples of it gives the same bits however it arrives.
inline constexpr std::size_t momentsBlock = 128;

/// Adds `count` rows to the mean of `before` rows and to the upper triangle of sum (row - mean)(row - mean)^T
/// (dimension x dimension), blocks merged as by Chan, Golub & LeVeque (1979), so that nothing cancels far from zero.
template <typename Real>
void addMoments(Workspace& workspace, double* mean, double* products, const Real* rows, std::size_t count,
                std::size_t dimension, std::size_t before);

}  // namespace quench::statistics
