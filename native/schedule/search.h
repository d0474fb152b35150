// Loss-adaptive schedules (LAS): shortest paths over candidate noise levels.
//
// A schedule with N steps is a path 0 = i_0 < i_1 < ... < i_N = K - 1 over K candidates, noisy to clean, and costs
//
//   J = sum_k R(i_k) [u(i_{k+1}) - u(i_k)] + mu sum_k |h_k - h_{k-1}|^p,   h_k = g(i_{k+1}) - g(i_k)
//
// with the risk R at the noisier end of each step, u the (regularised) SNR axis and g the log-SNR.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../cancelled.h"

namespace quench::schedule {

struct Problem {
  std::span<const double> risk;
  std::span<const double> axis;    ///< u, increasing
  std::span<const double> logSnr;  ///< g, increasing; used only where smoothness > 0
  std::size_t steps;               ///< N, 1 <= N <= K - 1
  double smoothness = 0;           ///< mu >= 0
  double exponent = 2;             ///< p >= 1
};

struct Solution {
  double objective = 0;
  std::vector<std::uint32_t> nodes;  ///< N + 1 candidate indices; empty where the search was cancelled
};

// The searches poll `cancelled` once per candidate and layer. Costs that overflow lose every comparison; a path is
// found all the same.

/// mu = 0, the paper's dynamic program (Algorithm 1): O(N K^2).
Solution searchPlain(const Problem& problem, const Cancelled& cancelled);

/// mu = 0, exact in O(N K log K): the transition is a minimum over lines in u.
Solution searchEnvelope(const Problem& problem, const Cancelled& cancelled);

/// mu > 0, exact over pairs of indices: O(N K^2) for p = 2, O(N K^2 log K) for other p >= 1.
Solution searchSecondOrder(const Problem& problem, const Cancelled& cancelled);

/// Bytes that searchSecondOrder needs for N steps over K candidates, apart from arrays of length K.
std::size_t secondOrderBytes(std::size_t candidates, std::size_t steps);

/// The same for searchPlain and searchEnvelope.
std::size_t firstOrderBytes(std::size_t candidates, std::size_t steps);

struct Beam {
  std::size_t width;    ///< partial paths kept per end point
  std::size_t radius;   ///< candidates tried on each side of the predicted next log-SNR
  std::size_t globals;  ///< evenly spaced candidates tried besides
};

/// The most that searchBeam needs.
std::size_t beamBytes(std::size_t candidates, std::size_t steps, const Beam& beam);

/// mu > 0, the paper's beam-and-window search (Algorithm 2): heuristic.
Solution searchBeam(const Problem& problem, const Beam& beam, const Cancelled& cancelled);

/// J of a given path.
double objective(const Problem& problem, std::span<const std::uint32_t> nodes);

/// |x|^p, exact for p = 1 and p = 2.
double power(double x, double exponent);

}  // namespace quench::schedule
