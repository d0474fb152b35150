#include <cmath>

#include "search.h"

namespace quench::schedule {

double power(double x, double exponent) {
  if (exponent == 2) return x * x;
  const double magnitude = std::abs(x);
  return exponent == 1 ? magnitude : std::pow(magnitude, exponent);
}

double objective(const Problem& problem, std::span<const std::uint32_t> nodes) {
  double sum = 0;
  for (std::size_t k = 0; k + 1 < nodes.size(); ++k) {
    sum += problem.risk[nodes[k]] * (problem.axis[nodes[k + 1]] - problem.axis[nodes[k]]);
    if (k == 0 || problem.smoothness == 0) continue;
    const double step = problem.logSnr[nodes[k + 1]] - problem.logSnr[nodes[k]];
    const double before = problem.logSnr[nodes[k]] - problem.logSnr[nodes[k - 1]];
    sum += problem.smoothness * power(step - before, problem.exponent);
  }
  return sum;
}

}  // namespace quench::schedule
