#include "finite.h"

#include <algorithm>

#include "finite_element.h"

namespace quench {
namespace {

// Values tested together without a branch; only a chunk that fails is searched one by one.
constexpr std::size_t chunk = 512;

template <typename Real>
struct Kernel {
  using Bits = BitsOf<Real>;

  QUENCH_ALWAYS_INLINE static std::size_t run(const Real* values, std::size_t count) {
    for (std::size_t from = 0; from < count; from += chunk) {
      const std::size_t end = from + std::min(chunk, count - from);
      Bits carried = 0;
      for (std::size_t i = from; i < end; ++i) carried |= carriedExponent(values[i]);
      if (!hasCarried(carried)) continue;
      for (std::size_t i = from; i < end; ++i) {
        if (!isFinite(values[i])) return i;
      }
    }
    return count;
  }
};

}  // namespace

template <>
FirstNonFinite<float> firstNonFiniteKernel<float>(InstructionSet set) {
  return select<Kernel<float>>(set);
}

template <>
FirstNonFinite<double> firstNonFiniteKernel<double>(InstructionSet set) {
  return select<Kernel<double>>(set);
}

}  // namespace quench
