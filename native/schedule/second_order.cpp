// mu > 0, exact. The state is the last step (i, j):
//
//   S_n(i, j) = R_i (u_j - u_i) + min_{h<i} [ S_{n-1}(h, i) + mu |q_j - c_h|^p ],  q_j = g_j - g_i,  c_h = g_i - g_h.
//
// For one i, the inner minimum over h is asked at increasing q_j, and the curves are copies of mu |q|^p shifted to
// c_h. For p = 2 they differ by lines in q: a lower envelope, built and walked in O(K). For any convex |.|^p the
// matrix of values is Monge, so its row minima move one way and divide and conquer finds them in O(K log K).
#include <algorithm>
#include <limits>

#include "search.h"

namespace quench::schedule {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Upper triangle i < j of K x K, row by row.
template <typename Value>
class Triangle {
 public:
  Triangle(std::size_t candidates, std::size_t layers, Value fill)
      : candidates_(candidates), size_(candidates * (candidates - 1) / 2), values_(layers * size_, fill) {}

  Value& at(std::size_t layer, std::size_t i, std::size_t j) { return values_[layer * size_ + offset(i) + j - i - 1]; }

 private:
  std::size_t offset(std::size_t i) const { return i * (2 * candidates_ - i - 1) / 2; }

  std::size_t candidates_;
  std::size_t size_;
  std::vector<Value> values_;
};

/// The curves of one middle point i, in order of increasing centre, which is decreasing h.
struct Curves {
  std::vector<double> height;  ///< S_{n-1}(h, i)
  std::vector<double> centre;  ///< c_h
  std::vector<std::uint32_t> source;

  void clear() {
    height.clear();
    centre.clear();
    source.clear();
  }
  void add(double value, double at, std::uint32_t h) {
    height.push_back(value);
    centre.push_back(at);
    source.push_back(h);
  }
  std::size_t size() const { return source.size(); }
};

double valueAt(const Curves& curves, std::size_t k, double q, const Problem& problem) {
  return curves.height[k] + problem.smoothness * power(q - curves.centre[k], problem.exponent);
}

/// p = 2: choice[j] for increasing queries, by the envelope of lines height + mu c^2 - 2 mu c q.
void walkParabolas(const Problem& problem, const Curves& curves, std::span<const double> queries,
                   std::span<std::uint32_t> choice) {
  const double mu = problem.smoothness;
  // q from which curve b lies below curve a, for centres a < b.
  const auto crossing = [&](std::size_t a, std::size_t b) {
    const double rise = curves.height[b] - curves.height[a];
    const double apart = curves.centre[b] - curves.centre[a];
    return 0.5 * (rise / (mu * apart) + curves.centre[a] + curves.centre[b]);
  };
  std::vector<std::size_t> hull;
  for (std::size_t k = 0; k < curves.size(); ++k) {
    while (hull.size() >= 2 && crossing(hull[hull.size() - 2], hull.back()) >= crossing(hull.back(), k))
      hull.pop_back();
    hull.push_back(k);
  }
  std::size_t at = 0;
  for (std::size_t j = 0; j < queries.size(); ++j) {
    while (at + 1 < hull.size() && crossing(hull[at], hull[at + 1]) <= queries[j]) ++at;
    choice[j] = static_cast<std::uint32_t>(hull[at]);
  }
}

/// Any p >= 1: row minima of a Monge matrix, queries [low, high) over curves [first, last].
void divideAndConquer(const Problem& problem, const Curves& curves, std::span<const double> queries,
                      std::span<std::uint32_t> choice, std::size_t low, std::size_t high, std::size_t first,
                      std::size_t last) {
  if (low >= high) return;
  const std::size_t middle = (low + high) / 2;
  std::size_t best = first;
  double value = infinity;
  for (std::size_t k = first; k <= last; ++k) {
    const double here = valueAt(curves, k, queries[middle], problem);
    if (here < value) {
      value = here;
      best = k;
    }
  }
  choice[middle] = static_cast<std::uint32_t>(best);
  divideAndConquer(problem, curves, queries, choice, low, middle, first, best);
  divideAndConquer(problem, curves, queries, choice, middle + 1, high, best, last);
}

}  // namespace

std::size_t secondOrderBytes(std::size_t candidates, std::size_t steps) {
  const std::size_t pairs = candidates * (candidates - 1) / 2;
  return pairs * (2 * sizeof(double) + (steps - 1) * sizeof(std::uint16_t));
}

Solution searchSecondOrder(const Problem& problem, const Cancelled& cancelled) {
  const std::size_t candidates = problem.risk.size();
  const std::size_t steps = problem.steps;
  const auto stepCost = [&](std::size_t i, std::size_t j) {
    return problem.risk[i] * (problem.axis[j] - problem.axis[i]);
  };
  Triangle<double> cost(candidates, 2, infinity);
  Triangle<std::uint16_t> from(candidates, steps - 1, UINT16_MAX);
  for (std::size_t j = 1; j < candidates; ++j) cost.at(1, 0, j) = stepCost(0, j);

  Curves curves;
  std::vector<double> queries;
  std::vector<std::uint32_t> choice;
  for (std::size_t layer = 2; layer <= steps; ++layer) {
    const std::size_t now = layer % 2;
    const std::size_t before = 1 - now;
    for (std::size_t i = layer - 1; i + 1 < candidates; ++i) {
      if (cancelled.requested()) return {};
      curves.clear();
      // After layer - 1 steps ending at i, the one before can be no earlier than layer - 2; after one step it is 0.
      for (std::size_t h = layer == 2 ? 1 : i; h-- > layer - 2;) {
        curves.add(cost.at(before, h, i), problem.logSnr[i] - problem.logSnr[h], static_cast<std::uint32_t>(h));
      }
      queries.clear();
      for (std::size_t j = i + 1; j < candidates; ++j) queries.push_back(problem.logSnr[j] - problem.logSnr[i]);
      choice.resize(queries.size());
      if (problem.exponent == 2) {
        walkParabolas(problem, curves, queries, choice);
      } else {
        divideAndConquer(problem, curves, queries, choice, 0, queries.size(), 0, curves.size() - 1);
      }
      for (std::size_t j = i + 1; j < candidates; ++j) {
        const std::size_t k = choice[j - i - 1];
        cost.at(now, i, j) = stepCost(i, j) + valueAt(curves, k, queries[j - i - 1], problem);
        from.at(layer - 2, i, j) = static_cast<std::uint16_t>(curves.source[k]);
      }
    }
  }

  Solution solution;
  const std::size_t last = candidates - 1;
  std::size_t best = steps - 1;
  for (std::size_t i = steps - 1; i < last; ++i) {
    if (steps == 1 && i > 0) break;
    if (cost.at(steps % 2, i, last) < cost.at(steps % 2, best, last)) best = i;
  }
  solution.nodes.assign(steps + 1, 0);
  solution.nodes[steps] = static_cast<std::uint32_t>(last);
  for (std::size_t layer = steps, i = best, j = last; layer >= 1; --layer) {
    solution.nodes[layer - 1] = static_cast<std::uint32_t>(i);
    if (layer == 1) break;
    const std::size_t h = from.at(layer - 2, i, j);
    j = i;
    i = h;
  }
  solution.objective = objective(problem, solution.nodes);
  return solution;
}

}  // namespace quench::schedule
