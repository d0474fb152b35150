// Magnitudes sort like their bits. So the leading bits of all values are counted, the counts tell which group of equal
// leading bits holds the order statistic that is looked for, and the next bits are counted within that group, until few
// values are left. Most often that is one round: two passes of less than a nanosecond an element, whatever the values.
#include "quantile.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "finite_element.h"
#include "quantile_rank.h"

namespace quench {
namespace {

/// So many are selected among without counting.
constexpr std::size_t few = 256;

/// The order statistic at a rank and the one after it.
template <typename Real>
struct Neighbours {
  Real low;
  Real high;
};

/// Of `values`, which are reordered. `next` is what comes after the last of them.
template <typename Real>
Neighbours<Real> select(Real* values, std::size_t count, std::size_t rank, Real next) {
  std::nth_element(values, values + rank, values + count);
  return {values[rank], rank + 1 == count ? next : *std::min_element(values + rank + 1, values + count)};
}

template <typename Real>
BitsOf<Real> magnitude(Real value) {
  constexpr auto sign = static_cast<BitsOf<Real>>(BitsOf<Real>{1} << (8 * sizeof(Real) - 1));
  return std::bit_cast<BitsOf<Real>>(value) & ~sign;
}

/// How many values have each pattern of some of their bits, those from `shift` on.
template <typename Real>
class Histogram {
 public:
  // First the exponent, and three bits of the mantissa of float32, one of float64.
  static constexpr unsigned bits = sizeof(Real) == 4 ? 11 : 12;
  static constexpr unsigned firstShift = 8 * sizeof(Real) - 1 - bits;

  Histogram(const Real* values, std::size_t count, unsigned shift) : shift_(shift) {
    std::size_t i = 0;
    for (; i + tables <= count; i += tables) {
      for (std::size_t table = 0; table < tables; ++table) ++counts_[table][group(magnitude(values[i + table]))];
    }
    for (; i < count; ++i) ++counts_[0][group(magnitude(values[i]))];
    for (std::size_t table = 1; table < tables; ++table) {
      for (std::size_t g = 0; g < groups; ++g) counts_[0][g] += counts_[table][g];
    }
  }

  std::size_t group(BitsOf<Real> value) const { return static_cast<std::size_t>(value >> shift_) % groups; }

  std::size_t size(std::size_t group) const { return counts_[0][group]; }

  struct Place {
    std::size_t group;
    /// Values in the groups before it.
    std::size_t before;
  };

  Place find(std::size_t rank) const {
    constexpr std::size_t strip = 64;
    std::size_t before = 0;
    std::size_t g = 0;
    for (;; g += strip) {
      std::size_t within = 0;
      for (std::size_t k = g; k < g + strip; ++k) within += size(k);
      if (before + within > rank) break;
      before += within;
    }
    for (; before + size(g) <= rank; ++g) before += size(g);
    return {g, before};
  }

 private:
  static constexpr std::size_t groups = std::size_t{1} << bits;
  // Neighbours often fall into one group, whose count must be written before it is read again: take turns, where that
  // does not take more than 16 KB.
  static constexpr std::size_t tables = 4096 / groups;

  unsigned shift_;
  std::array<std::array<std::uint32_t, groups>, tables> counts_{};
};

template <typename Real>
bool hasNaN(const Real* values, std::size_t count) {
  bool found = false;
  for (std::size_t i = 0; i < count; ++i) found |= values[i] != values[i];
  return found;
}

/// Finds the neighbours among magnitudes, in place of which `scratch` is used up; `values` may be `scratch`. All agree
/// in the bits above those that are looked at.
template <typename Real>
Neighbours<Real> selectByBits(const Histogram<Real>& histogram, const Real* values, std::size_t count, std::size_t rank,
                              Real* scratch, unsigned shift, BitsOf<Real> next) {
  const auto [wanted, before] = histogram.find(rank);
  std::size_t found = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const BitsOf<Real> bits = magnitude(values[i]);
    const std::size_t group = histogram.group(bits);
    scratch[found] = std::bit_cast<Real>(bits);
    found += group == wanted ? 1 : 0;
    next = group > wanted && bits < next ? bits : next;
  }
  rank -= before;
  if (found <= few || shift == 0) return select(scratch, found, rank, std::bit_cast<Real>(next));
  const unsigned lower = shift > Histogram<Real>::bits ? shift - Histogram<Real>::bits : 0;
  return selectByBits(Histogram<Real>(scratch, found, lower), scratch, found, rank, scratch, lower, next);
}

}  // namespace

template <typename Real>
double absoluteQuantile(const Real* values, std::size_t count, double q, Real* scratch) {
  constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
  const auto [rank, fraction] = quantileRank(q, count);
  Neighbours<Real> found;
  // Counts are of 32 bits.
  if (count <= few || count > std::numeric_limits<std::uint32_t>::max()) {
    if (hasNaN(values, count)) return notANumber;
    std::transform(values, values + count, scratch, [](Real value) { return std::abs(value); });
    found = select(scratch, count, rank, Real{});
  } else {
    const Histogram<Real> histogram(values, count, Histogram<Real>::firstShift);
    // NaN share a group with infinity, the last that is used or one after it.
    const std::size_t last = histogram.find(count - 1).group;
    if (last >= histogram.group(exponentBits<Real>) && hasNaN(values, count)) return notANumber;
    found = selectByBits(histogram, values, count, rank, scratch, Histogram<Real>::firstShift,
                         std::numeric_limits<BitsOf<Real>>::max());
  }
  const double low = static_cast<double>(found.low);
  if (fraction == 0.0 || rank + 1 == count) return low;
  return between(low, static_cast<double>(found.high), fraction);
}

template double absoluteQuantile<float>(const float*, std::size_t, double, float*);
template double absoluteQuantile<double>(const double*, std::size_t, double, double*);

}  // namespace quench
