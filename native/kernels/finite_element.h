// Whether one element is finite, by its bits.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "target.h"

namespace quench {

template <typename Real>
using BitsOf = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;

/// All ones where the exponent is: that is what NaN and infinity have in common.
template <typename Real>
inline constexpr BitsOf<Real> exponentBits =
    sizeof(Real) == 4 ? BitsOf<Real>{0x7F800000U} : static_cast<BitsOf<Real>>(0x7FF0000000000000U);

template <typename Real>
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE bool isFinite(Real value) {
  return (std::bit_cast<BitsOf<Real>>(value) & exponentBits<Real>) != exponentBits<Real>;
}

/// Its highest bit is set where the value is NaN or infinite: one more than the largest exponent carries into the
/// sign's place. For many values tested together without a comparison, as SSE2 has none of 64 bits.
template <typename Real>
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE BitsOf<Real> carriedExponent(Real value) {
  constexpr BitsOf<Real> leastExponent = exponentBits<Real> & (~exponentBits<Real> + 1);
  return leastExponent + (std::bit_cast<BitsOf<Real>>(value) & exponentBits<Real>);
}

/// Whether a highest bit was set among those put together.
template <typename Bits>
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE bool hasCarried(Bits carried) {
  return carried >> (8 * sizeof(Bits) - 1) != 0;
}

}  // namespace quench
