// Two 32-bit uniforms to two standard normals by Box and Muller's transform, in plain arithmetic.
//
// No library function is called, so the bits are those of IEEE addition, multiplication, division
// and square root, the same on every machine. Both precisions read the same integers: a float32
// and a float64 sample see the same noise up to rounding (about 1e-6).
//
// u = (radius word + 1/2) / 2^32 lies in (0, 1); the largest magnitude is sqrt(66 ln 2) = 6.76.
#pragma once

#include <bit>
#include <cstdint>

#include "target.h"

namespace quench {

template <typename Real>
struct NormalPair {
  Real first;
  Real second;
};

namespace normal {

/// sum of c[k] x^k, highest power first in the argument list.
template <typename Real, typename... Rest>
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE Real polynomial(Real x, Real sum, Rest... rest) {
  ((sum = sum * x + rest), ...);
  return sum;
}

QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE float squareRoot(float x) { return __builtin_sqrtf(x); }
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE double squareRoot(double x) { return __builtin_sqrt(x); }

/// (word + 1/2) in float32 with one rounding. Halves, because baseline x86 converts only signed integers.
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE float halfOpen(std::uint32_t word) {
  const float high = static_cast<float>(static_cast<std::int32_t>(word >> 16));
  const float low = static_cast<float>(static_cast<std::int32_t>(word & 0xFFFFU));
  return high * 65536.0F + (low + 0.5F);
}

/// ln u. u is formed from whichever end of (0, 1) is nearer: near 1 float32 could not hold it, while
/// v = 1 - u is as exact there as u is near 0. ln u = exponent ln 2 + log1p(f), f in [-1/3, 1/3).
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE float logUniform(std::uint32_t word, float) {
  const bool upper = word >> 31 != 0;
  const float v = halfOpen(upper ? ~word : word) * 0x1p-32F;
  const float u = upper ? 1.0F - v : v;
  // Subtracting the bits of 2/3 moves the exponent's boundary there.
  const std::int32_t bits = std::bit_cast<std::int32_t>(u);
  const std::int32_t exponent = (bits - 0x3F2AAAAB) >> 23;
  const float mantissa = std::bit_cast<float>(bits - exponent * 0x800000);
  const float f = exponent == 0 ? -v : mantissa - 1.0F;
  // log1p(f) = f - f^2/2 + f^3 P(f), P a Chebyshev interpolant on [-1/3, 1/3].
  const float p = polynomial(f, -0.1212558065F, 0.1342574901F, -0.1234619025F, 0.1411830990F, -0.1667014069F,
                             0.2000378032F, -0.2499998790F, 0.3333332017F);
  const float square = f * f;
  const float tail = square * (f * p - 0.5F);
  return static_cast<float>(exponent) * 0.693147180559945F + (f + tail);
}

QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE double logUniform(std::uint32_t word, double) {
  const double u = (static_cast<double>(word) + 0.5) * 0x1p-32;
  const std::int64_t bits = std::bit_cast<std::int64_t>(u);
  const std::int64_t exponent = (bits - 0x3FE5555555555555) >> 52;
  const double mantissa = std::bit_cast<double>(bits - exponent * 0x10000000000000);
  const double f = mantissa - 1.0;
  // log1p(f) = 2 atanh(s), s = f / (2 + f) in [-1/5, 1/7].
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double p =
      polynomial(z, 0.13604015707124077458, 0.13210360485132619827, 0.15388834677801915069, 0.18181738454723025579,
                 0.2222222303780724188, 0.28571428567339189263, 0.40000000000007800551, 0.66666666666666664228);
  return static_cast<double>(static_cast<std::int32_t>(exponent)) * 0.69314718055994530942 + (2.0 * s + s * z * p);
}

/// sin a / a and cos a for |a| <= pi/4, in z = a^2.
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE float sine(float a, float z) {
  return a + a * z * polynomial(z, -0.0001958789088F, 0.008332748271F, -0.1666666466F);
}
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE float cosine(float z) {
  return 1.0F + z * (z * polynomial(z, 2.454794209e-5F, -0.001388830304F, 0.04166666466F) - 0.5F);
}
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE double sine(double a, double z) {
  return a + a * z *
                 polynomial(z, 1.5918129294866608667e-10, -2.5051131845003624417e-8, 2.7557316102552440119e-6,
                            -0.00019841269836758574323, 0.0083333333333309484855, -0.16666666666666664624);
}
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE double cosine(double z) {
  return 1.0 + z * (z * polynomial(z, -1.1382632425521718005e-11, 2.0876146268403197893e-9, -2.7557317271729792882e-7,
                                   0.000024801587298765687927, -0.0013888888888887397237, 0.041666666666666665389) -
                    0.5);
}

}  // namespace normal

/// The angle is 2 pi angleWord / 2^32: the nearest quarter turn is taken off in integers, exactly.
template <typename Real>
QUENCH_HOST_DEVICE QUENCH_ALWAYS_INLINE NormalPair<Real> normalPair(std::uint32_t radiusWord, std::uint32_t angleWord) {
  const Real radius = normal::squareRoot(Real{-2} * normal::logUniform(radiusWord, Real{}));
  const std::uint32_t quarter = (angleWord + 0x20000000U) >> 30;
  const std::int32_t rest = static_cast<std::int32_t>(angleWord - (quarter << 30));
  const Real angle = static_cast<Real>(rest) * static_cast<Real>(1.4629180792671596e-9);  // pi / 2^31
  const Real square = angle * angle;
  const Real sine = normal::sine(angle, square);
  const Real cosine = normal::cosine(square);
  const bool odd = (quarter & 1U) != 0;
  const Real acrossed = odd ? sine : cosine;
  const Real upright = odd ? cosine : sine;
  // Quarters 1 and 2 have a negative cosine, 2 and 3 a negative sine.
  const Real cosineSign = ((quarter + 1U) & 2U) != 0 ? -radius : radius;
  const Real sineSign = (quarter & 2U) != 0 ? -radius : radius;
  return {cosineSign * acrossed, sineSign * upright};
}

}  // namespace quench
