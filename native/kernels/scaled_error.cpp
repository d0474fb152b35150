#include "scaled_error.h"

#include <cmath>

#include "gram_lanes.h"

namespace quench {
namespace {

QUENCH_ALWAYS_INLINE double larger(double a, double b) { return a > b ? a : b; }

template <typename Real>
struct Kernel {
  QUENCH_ALWAYS_INLINE static double square(Real higher, Real lower, Real before, Tolerance tolerance) {
    const double to = lower;
    const double most = tolerance.relative * larger(std::abs(to), std::abs(static_cast<double>(before)));
    const double error = (static_cast<double>(higher) - to) / larger(tolerance.absolute, most);
    return error * error;
  }

  QUENCH_ALWAYS_INLINE static double run(const Real* higher, const Real* lower, const Real* before, Tolerance tolerance,
                                         std::size_t count) {
    Lanes<double> sums{};
    std::size_t i = 0;
    for (; i + gramLanes <= count; i += gramLanes) {
      QUENCH_KEEP_LOOP
      for (std::size_t lane = 0; lane < gramLanes; ++lane) {
        sums.at[lane] += square(higher[i + lane], lower[i + lane], before[i + lane], tolerance);
      }
    }
    for (std::size_t lane = 0; i + lane < count; ++lane) {
      sums.at[lane] += square(higher[i + lane], lower[i + lane], before[i + lane], tolerance);
    }
    return foldLanes(sums);
  }
};

}  // namespace

template <>
ScaledError<float> scaledErrorKernel<float>(InstructionSet set) {
  return select<Kernel<float>>(set);
}

template <>
ScaledError<double> scaledErrorKernel<double>(InstructionSet set) {
  return select<Kernel<double>>(set);
}

}  // namespace quench
