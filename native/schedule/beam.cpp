// The paper's Algorithm 2: per end point the best `width` partial paths are kept, and each is continued only to
// candidates near the log-SNR that repeats its last step (F.2), and to a few spread over the whole range.
#include <algorithm>
#include <limits>

#include "search.h"

namespace quench::schedule {
namespace {

struct Partial {
  double cost;
  std::uint32_t before;  ///< candidate before the end point
  std::uint32_t parent;  ///< which of the partial paths at `before` it continues
};

/// Keeps the cheapest `width`, in order.
void keep(std::vector<Partial>& paths, const Partial& path, std::size_t width) {
  const auto cheaper = [](const Partial& a, const Partial& b) { return a.cost < b.cost; };
  const auto place = std::upper_bound(paths.begin(), paths.end(), path, cheaper);
  if (place == paths.end() && paths.size() >= width) return;
  paths.insert(place, path);
  if (paths.size() > width) paths.pop_back();
}

/// Candidates to try after a path whose last step was i -> j, when `left` steps follow the next one.
void proposals(const Problem& problem, const Beam& beam, std::size_t i, std::size_t j, std::size_t left,
               std::vector<std::size_t>& next) {
  next.clear();
  const std::size_t candidates = problem.logSnr.size();
  const std::size_t first = j + 1;
  const std::size_t last = candidates - 1 - left;
  if (left == 0) {
    next.push_back(candidates - 1);
    return;
  }
  if (first > last) return;
  const double predicted = 2 * problem.logSnr[j] - problem.logSnr[i];
  const auto at = static_cast<std::size_t>(std::lower_bound(problem.logSnr.begin(), problem.logSnr.end(), predicted) -
                                           problem.logSnr.begin());
  const std::size_t low = std::clamp(at > beam.radius ? at - beam.radius : 0, first, last);
  const std::size_t high = std::clamp(at + beam.radius, first, last);
  for (std::size_t k = low; k <= high; ++k) next.push_back(k);
  for (std::size_t g = 0; g < beam.globals; ++g) {
    const std::size_t k = first + (last - first) * (g + 1) / (beam.globals + 1);
    if (k < low || k > high) next.push_back(k);
  }
}

}  // namespace

std::size_t beamBytes(std::size_t candidates, std::size_t steps, const Beam& beam) {
  // A list that has grown by doubling may hold room for twice what it keeps.
  const std::size_t list = sizeof(std::vector<Partial>) + 2 * beam.width * sizeof(Partial);
  return (steps + 1) * candidates * list;
}

Solution searchBeam(const Problem& problem, const Beam& beam, const Cancelled& cancelled) {
  const std::size_t candidates = problem.risk.size();
  const std::size_t steps = problem.steps;
  std::vector<std::vector<std::vector<Partial>>> layers(steps + 1, std::vector<std::vector<Partial>>(candidates));
  const auto stepCost = [&](std::size_t i, std::size_t j) {
    return problem.risk[i] * (problem.axis[j] - problem.axis[i]);
  };
  // The only step ends at the last candidate; the first of several leaves one for each that follows.
  const std::size_t first = steps == 1 ? candidates - 1 : 1;
  for (std::size_t j = first; j <= candidates - steps; ++j) {
    layers[1][j].push_back({stepCost(0, j), 0, 0});
  }
  std::vector<std::size_t> next;
  for (std::size_t layer = 2; layer <= steps; ++layer) {
    for (std::size_t j = layer - 1; j < candidates; ++j) {
      if (cancelled.requested()) return {};
      const std::vector<Partial>& paths = layers[layer - 1][j];
      for (std::uint32_t rank = 0; rank < paths.size(); ++rank) {
        const std::size_t i = paths[rank].before;
        const double step = problem.logSnr[j] - problem.logSnr[i];
        proposals(problem, beam, i, j, steps - layer, next);
        for (const std::size_t k : next) {
          const double bend = problem.logSnr[k] - problem.logSnr[j] - step;
          const double cost = paths[rank].cost + stepCost(j, k) + problem.smoothness * power(bend, problem.exponent);
          keep(layers[layer][k], {cost, static_cast<std::uint32_t>(j), rank}, beam.width);
        }
      }
    }
  }
  Solution solution;
  solution.nodes.assign(steps + 1, 0);
  auto node = static_cast<std::uint32_t>(candidates - 1);
  std::uint32_t rank = 0;
  for (std::size_t layer = steps; layer >= 1; --layer) {
    solution.nodes[layer] = node;
    const Partial& path = layers[layer][node][rank];
    node = path.before;
    rank = path.parent;
  }
  solution.objective = objective(problem, solution.nodes);
  return solution;
}

}  // namespace quench::schedule
