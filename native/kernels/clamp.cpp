#include "clamp.h"

#include "clamp_element.h"

namespace quench {
namespace {

template <typename Real>
struct ClampKernel {
  QUENCH_ALWAYS_INLINE static void run(Real* out, const Real* input, Real low, Real high, std::size_t count) {
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t i = 0; i < count; ++i) out[i] = clamped(input[i], low, high);
  }
};

template <typename Real>
struct ThresholdKernel {
  QUENCH_ALWAYS_INLINE static void run(Real* out, const Real* input, Real limit, std::size_t count) {
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t i = 0; i < count; ++i) out[i] = thresholded(input[i], limit);
  }
};

}  // namespace

template <typename Real>
Clamp<Real> clampKernel(InstructionSet set) {
  return select<ClampKernel<Real>>(set);
}

template <typename Real>
Threshold<Real> thresholdKernel(InstructionSet set) {
  return select<ThresholdKernel<Real>>(set);
}

template Clamp<float> clampKernel<float>(InstructionSet);
template Clamp<double> clampKernel<double>(InstructionSet);
template Threshold<float> thresholdKernel<float>(InstructionSet);
template Threshold<double> thresholdKernel<double>(InstructionSet);

}  // namespace quench
