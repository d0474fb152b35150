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

}  // namespace quench
