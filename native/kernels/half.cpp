#include "half.h"

#include <bit>

namespace quench {
namespace {

QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE float widened(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16;
  const std::uint32_t magnitude = half & 0x7FFFU;
  // Moved into float32's fields the exponent is 112 too small; infinity and NaN need 112 more.
  const std::uint32_t normal = (magnitude << 13) + (112U << 23);
  const std::uint32_t special =
      (magnitude << 13) + (224U << 23) + ((magnitude & 0x3FFU) != 0 ? 0x400000U & ~(magnitude << 13) : 0U);
  // A subnormal is magnitude * 2^-24, and the integer converts exactly.
  const std::uint32_t subnormal =
      std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<std::int32_t>(magnitude)) * 0x1p-24F);
  const std::uint32_t bits = magnitude >= 0x7C00U ? special : magnitude < 0x400U ? subnormal : normal;
  return std::bit_cast<float>(sign | bits);
}

QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE std::uint16_t narrowed(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000U;
  const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
  // Adding half of the last kept place, less one unless that place is odd, rounds ties to even.
  const std::uint32_t rounded = magnitude - (112U << 23) + 0xFFFU + ((magnitude >> 13) & 1U);
  const std::uint32_t normal = rounded >> 13;
  // Adding 1/2 puts a subnormal half's unit at float32's last place, so the addition itself rounds.
  const std::uint32_t subnormal = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F) - 0x3F000000U;
  const std::uint32_t notANumber = 0x7E00U | ((magnitude >> 13) & 0x3FFU);
  std::uint32_t half = magnitude < 0x38800000U ? subnormal : normal;
  half = magnitude >= 0x47800000U ? 0x7C00U : half;
  half = magnitude > 0x7F800000U ? notANumber : half;
  return static_cast<std::uint16_t>(sign | half);
}

struct Widen {
  QUENCH_ALWAYS_INLINE static void run(float* out, const std::uint16_t* input, std::size_t count) {
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t i = 0; i < count; ++i) out[i] = widened(input[i]);
  }
};

struct Narrow {
  QUENCH_ALWAYS_INLINE static void run(std::uint16_t* out, const float* input, std::size_t count) {
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t i = 0; i < count; ++i) out[i] = narrowed(input[i]);
  }
};

}  // namespace

HalfToFloat halfToFloatKernel(InstructionSet set) { return select<Widen>(set); }

FloatToHalf floatToHalfKernel(InstructionSet set) { return select<Narrow>(set); }

}  // namespace quench
