// mu = 0: D_n(j) = min_{i<j} D_{n-1}(i) + R_i (u_j - u_i), the cheapest way to be at candidate j after n steps.
#include <limits>

#include "search.h"

namespace quench::schedule {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::uint32_t none = UINT32_MAX;

/// Where each layer's best paths came from: layers 2..N of K entries.
class Predecessors {
 public:
  Predecessors(std::size_t candidates, std::size_t steps)
      : candidates_(candidates), from_((steps - 1) * candidates, none) {}

  std::uint32_t& at(std::size_t layer, std::size_t j) { return from_[(layer - 2) * candidates_ + j]; }

  std::vector<std::uint32_t> path(std::size_t steps) {
    std::vector<std::uint32_t> nodes(steps + 1);
    auto node = static_cast<std::uint32_t>(candidates_ - 1);
    for (std::size_t layer = steps; layer >= 2; --layer) {
      nodes[layer] = node;
      node = at(layer, node);
    }
    nodes[1] = node;
    nodes[0] = 0;
    return nodes;
  }

 private:
  std::size_t candidates_;
  std::vector<std::uint32_t> from_;
};

double transition(const Problem& problem, const std::vector<double>& cost, std::size_t i, std::size_t j) {
  return cost[i] + problem.risk[i] * (problem.axis[j] - problem.axis[i]);
}

/// The lower envelope of the lines u -> D(i) + R_i (u - u_i), asked only at the candidates' own u (a Li Chao tree).
/// Lines are compared by their values where they are asked for, so no intercept is formed and nothing cancels.
class LineEnvelope {
 public:
  LineEnvelope(const Problem& problem, std::size_t candidates)
      : problem_(problem), best_(4 * candidates, none), last_(candidates - 1) {}

  void clear() { std::fill(best_.begin(), best_.end(), none); }

  void insert(std::uint32_t line, const std::vector<double>& cost) {
    std::size_t node = 1;
    std::size_t low = 0;
    std::size_t high = last_;
    for (;;) {
      if (best_[node] == none) {
        best_[node] = line;
        return;
      }
      const std::size_t middle = (low + high) / 2;
      if (transition(problem_, cost, line, middle) < transition(problem_, cost, best_[node], middle)) {
        std::swap(line, best_[node]);
      }
      if (low == high) return;
      // The loser can win only where it falls faster: to the right if its slope is smaller.
      const double slope = problem_.risk[line];
      const double kept = problem_.risk[best_[node]];
      if (slope == kept) return;
      if (slope < kept) {
        node = 2 * node + 1;
        low = middle + 1;
        if (low > high) return;
      } else {
        node = 2 * node;
        high = middle;
      }
    }
  }

  /// The line that is lowest at candidate j; where all are infinite there, some line.
  std::uint32_t lowest(std::size_t j, const std::vector<double>& cost) const {
    std::uint32_t found = best_[1];
    double value = infinity;
    std::size_t node = 1;
    std::size_t low = 0;
    std::size_t high = last_;
    for (;;) {
      if (best_[node] == none) return found;
      const double here = transition(problem_, cost, best_[node], j);
      if (here < value) {
        value = here;
        found = best_[node];
      }
      if (low == high) return found;
      const std::size_t middle = (low + high) / 2;
      if (j <= middle) {
        node = 2 * node;
        high = middle;
      } else {
        node = 2 * node + 1;
        low = middle + 1;
      }
    }
  }

 private:
  const Problem& problem_;
  std::vector<std::uint32_t> best_;
  std::size_t last_;
};

/// Runs the layers; `choose(j, cost)` gives the best predecessor of j among those opened so far.
template <typename Open, typename Choose, typename Reset>
Solution layers(const Problem& problem, const Cancelled& cancelled, Reset reset, Open open, Choose choose) {
  const std::size_t candidates = problem.risk.size();
  const std::size_t steps = problem.steps;
  Predecessors from(candidates, steps);
  std::vector<double> cost(candidates, infinity);
  std::vector<double> next(candidates);
  for (std::size_t j = 1; j < candidates; ++j) cost[j] = problem.risk[0] * (problem.axis[j] - problem.axis[0]);
  for (std::size_t layer = 2; layer <= steps; ++layer) {
    std::fill(next.begin(), next.end(), infinity);
    reset();
    for (std::size_t j = layer; j < candidates; ++j) {
      if (cancelled.requested()) return {};
      open(static_cast<std::uint32_t>(j - 1), cost);
      const std::uint32_t i = choose(layer, j, cost);
      from.at(layer, j) = i;
      next[j] = transition(problem, cost, i, j);
    }
    std::swap(cost, next);
  }
  Solution solution{0, from.path(steps)};
  solution.objective = objective(problem, solution.nodes);
  return solution;
}

}  // namespace

std::size_t firstOrderBytes(std::size_t candidates, std::size_t steps) {
  return candidates * ((steps - 1) * sizeof(std::uint32_t) + 4 * sizeof(std::uint32_t) + 2 * sizeof(double));
}

Solution searchPlain(const Problem& problem, const Cancelled& cancelled) {
  const auto nothing = [](std::uint32_t, const std::vector<double>&) {};
  return layers(
      problem, cancelled, [] {}, nothing,
      [&](std::size_t layer, std::size_t j, const std::vector<double>& cost) {
        auto best = static_cast<std::uint32_t>(layer - 1);
        double value = infinity;
        for (std::size_t i = layer - 1; i < j; ++i) {
          const double here = transition(problem, cost, i, j);
          if (here < value) {
            value = here;
            best = static_cast<std::uint32_t>(i);
          }
        }
        return best;
      });
}

Solution searchEnvelope(const Problem& problem, const Cancelled& cancelled) {
  LineEnvelope envelope(problem, problem.risk.size());
  return layers(
      problem, cancelled, [&] { envelope.clear(); },
      [&](std::uint32_t i, const std::vector<double>& cost) { envelope.insert(i, cost); },
      [&](std::size_t, std::size_t j, const std::vector<double>& cost) { return envelope.lowest(j, cost); });
}

}  // namespace quench::schedule
