// Matrix products in float64 of matrices stored either way round.
#pragma once

#include <cstddef>
#include <vector>

#include "../kernels/instruction_set.h"
#include "../parallel/thread_pool.h"

namespace quench::statistics {

/// Columns of a matrix of depth x count: element (k, i) is data[k * depthStep + i * step].
template <typename Real>
struct Columns {
  const Real* data;
  std::size_t depthStep;
  std::size_t step;
  std::size_t count;
};

enum class Part { whole, upperTriangle };

/// out[i * b.count + j] += sum_k a(k, i) b(k, j), k < depth. For Part::upperTriangle (a and b the same matrix) what
/// lies below the diagonal is not meaningful. The result does not depend on the threads.
template <typename Real>
void addProduct(InstructionSet set, ThreadPool& threads, double* out, const Columns<Real>& a, const Columns<Real>& b,
                std::size_t depth, Part part = Part::whole);

}  // namespace quench::statistics
