#include "finite.h"

#include <algorithm>
#include <bit>

#include "finite_element.h"

namespace quench {
namespace {

// Values tested together without a branch; only a chunk that fails is searched one by one.
constexpr std::size_t chunk = 512;

template <typename Real>
struct Kernel {
  using Bits = BitsOf<Real>;
  static constexpr Bits leastExponent = exponentBits<Real> & (~exponentBits<Real> + 1);

  QUENCH_ALWAYS_INLINE static std::size_t run(const Real* values, std::size_t count) {
    for (std::size_t from = 0; from < count; from += chunk) {
      const std::size_t end = from + std::min(chunk, count - from);
      // One more than the largest exponent carries into the sign's place: no comparison, as SSE2 has none of 64 bits.
      Bits carried = 0;
      for (std::size_t i = from; i < end; ++i) carried |= (std::bit_cast<Bits>(values[i]) & exponentBits<Real>) + leastExponent;
      if (carried >> (8 * sizeof(Bits) - 1) == 0) continue;
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
