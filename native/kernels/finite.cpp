#include "finite.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <type_traits>

namespace quench {
namespace {

// Values tested together without a branch; only a chunk that fails is searched one by one.
constexpr std::size_t chunk = 512;

template <typename Real>
struct Kernel {
  using Bits = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;

  /// All ones where the exponent is: that is what NaN and infinity have in common.
  static constexpr Bits exponent = sizeof(Real) == 4 ? Bits{0x7F800000U} : static_cast<Bits>(0x7FF0000000000000U);

  QUENCH_ALWAYS_INLINE static bool finite(Real value) { return (std::bit_cast<Bits>(value) & exponent) != exponent; }

  QUENCH_ALWAYS_INLINE static std::size_t run(const Real* values, std::size_t count) {
    for (std::size_t from = 0; from < count; from += chunk) {
      const std::size_t end = from + std::min(chunk, count - from);
      Bits bad = 0;
      for (std::size_t i = from; i < end; ++i) bad |= finite(values[i]) ? Bits{0} : Bits{1};
      if (bad == 0) continue;
      for (std::size_t i = from; i < end; ++i) {
        if (!finite(values[i])) return i;
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
