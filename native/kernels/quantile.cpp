#include "quantile.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "quantile_rank.h"

namespace quench {

template <typename Real>
double absoluteQuantile(const Real* values, std::size_t count, double q, Real* scratch) {
  bool notANumber = false;
  for (std::size_t i = 0; i < count; ++i) {
    notANumber |= values[i] != values[i];
    scratch[i] = std::abs(values[i]);
  }
  if (notANumber) return std::numeric_limits<double>::quiet_NaN();

  const auto [below, fraction] = quantileRank(q, count);
  std::nth_element(scratch, scratch + below, scratch + count);
  const double low = static_cast<double>(scratch[below]);
  if (fraction == 0.0 || below + 1 == count) return low;
  const double high = static_cast<double>(*std::min_element(scratch + below + 1, scratch + count));
  return between(low, high, fraction);
}

template double absoluteQuantile<float>(const float*, std::size_t, double, float*);
template double absoluteQuantile<double>(const double*, std::size_t, double, double*);

}  // namespace quench
