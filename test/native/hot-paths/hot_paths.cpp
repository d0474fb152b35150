// The hot paths, each in a function of its own, for callgrind to count the instructions of (scripts/bench/guard).
//
//   hot-paths baseline|avx2
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

#include "operations/combine_in_turn.h"
#include "operations/correct_in_turn.h"
#include "operations/elementwise.h"
#include "operations/gram.h"

namespace {

using namespace quench;

constexpr std::size_t rows = 4;
constexpr std::size_t size = 8192;
constexpr std::size_t length = rows * size;
constexpr std::size_t vectors = 6;

const std::vector<std::uint64_t> places{0, 1, 2, 3};

template <typename Real>
struct Data {
  std::vector<Real> out = std::vector<Real>(length);
  std::vector<std::vector<Real>> in = std::vector<std::vector<Real>>(vectors, std::vector<Real>(length));
};

Workspace workspace;
Data<float> singles;
Data<double> doubles;
std::vector<double> sums(rows* maximumPairs);

template <typename Real>
void combineOf(Data<Real>& data, std::size_t count) {
  CombineTerm<Real> terms[vectors];
  for (std::size_t k = 0; k < count; ++k)
    terms[k] = {data.in[k].data(), 0.5 + static_cast<double>(k), nullptr, nullptr};
  combine(workspace, data.out.data(), terms, count, rows, size);
}

/// A prediction from what the model emitted, looked at, and a step with it: DPM-Solver++ 2M.
void stepOf(Data<float>& data) {
  float* const prediction = data.out.data();
  float* const state = data.in[0].data();
  const CombineTerm<float> conversion[]{{state, 0.5, nullptr, nullptr}, {data.in[1].data(), 0.25, nullptr, nullptr}};
  const CombineTerm<float> step[]{{state, 0.5, nullptr, nullptr},
                                  {prediction, 0.25, nullptr, nullptr},
                                  {data.in[2].data(), 0.125, nullptr, nullptr}};
  const Combination<float> both[]{{prediction, conversion, 2, rows, size}, {state, step, 3, rows, size}};
  combineInTurn<float>(workspace, both, data.in[1].data(), 1);
}

template <typename Real>
void gramOf(Data<Real>& data, std::size_t count, Accumulate accumulate) {
  BasisElement<Real> basis[vectors];
  for (std::size_t k = 0; k < count; ++k) basis[k] = {data.in[k].data(), nullptr};
  gram(workspace, sums.data(), basis, count, rows, size, accumulate);
}

/// EVODiff's step: what turns the model's answer into a prediction, inner products, a formula, the correction and a
/// probe.
void correctionOf(Data<float>& data) {
  static const std::vector<double> constants(14, 0.5);
  static std::vector<double> kept(rows, 1);
  static std::vector<double> on(4 * rows);
  static std::vector<double> measured(4 * rows);
  float* const x = data.in[0].data();
  const float* const m0 = data.in[2].data();
  const float* const m1 = data.in[3].data();
  float* const mt = data.out.data();
  const CombineTerm<float> conversion[]{{x, 0.5, nullptr, nullptr}, {data.in[1].data(), 0.5, nullptr, nullptr}};
  const Combination<float> before[]{{mt, conversion, 2, rows, size}};
  const BasisElement<float> basis[]{{x, nullptr}, {m0, nullptr}, {m0, m1}, {mt, m0}};
  const reduced_entropy::Decision decisions[]{
      {reduced_entropy::formulaAt(1), rows, constants.data(), kept.data(), on.data(), measured.data()}};
  const CombineTerm<float> correction[]{{mt, 0, &on[rows], nullptr},
                                        {m1, 0, &on[2 * rows], nullptr},
                                        {m0, 0, &on[3 * rows], nullptr},
                                        {x, 0, &on[0], nullptr}};
  const CombineTerm<float> probe[]{
      {m0, 0.3, nullptr, nullptr}, {mt, 0.3, nullptr, nullptr}, {x, 0.3, nullptr, nullptr}};
  const Combination<float> after[]{{x, correction, 4, rows, size}, {x, probe, 3, rows, size}};
  correctInTurn<float>(workspace,
                       {before, data.in[1].data(), 1, basis, rows, size, Accumulate::blocked, decisions, after});
}

}  // namespace

#define QUENCH_HOT extern "C" [[gnu::noinline]] void

QUENCH_HOT hot_combine_2() { combineOf(singles, 2); }
QUENCH_HOT hot_combine_3() { combineOf(singles, 3); }
QUENCH_HOT hot_combine_6() { combineOf(singles, 6); }
QUENCH_HOT hot_combine_3_float64() { combineOf(doubles, 3); }
QUENCH_HOT hot_combine_in_turn() { stepOf(singles); }
QUENCH_HOT hot_combine_3_streamed() {
  const std::size_t usual = workspace.streamingBytes;
  workspace.streamingBytes = 0;
  combineOf(singles, 3);
  workspace.streamingBytes = usual;
}
QUENCH_HOT hot_gram_3() { gramOf(singles, 3, Accumulate::float64); }
QUENCH_HOT hot_gram_3_blocked() { gramOf(singles, 3, Accumulate::blocked); }
QUENCH_HOT hot_correct_in_turn() { correctionOf(singles); }
QUENCH_HOT hot_gram_3_float64() { gramOf(doubles, 3, Accumulate::float64); }
QUENCH_HOT hot_normals() { normals(workspace, singles.out.data(), places.data(), places.data(), 1, 0, rows, size); }
QUENCH_HOT hot_normals_float64() {
  normals(workspace, doubles.out.data(), places.data(), places.data(), 1, 0, rows, size);
}
QUENCH_HOT hot_quantile() { absoluteQuantiles(workspace, sums.data(), singles.in[0].data(), 0.995, rows, size); }
QUENCH_HOT hot_clamp() { clamp(workspace, singles.out.data(), singles.in[0].data(), -1, 1, length); }
QUENCH_HOT hot_first_non_finite() {
  if (firstNonFinite(workspace, singles.in[0].data(), length) != length) std::puts("not finite");
}

/// What automake takes for "skipped": this processor has not the instruction set.
constexpr int unsupported = 77;

int main(int count, char** arguments) {
  const std::string_view wanted = count == 2 ? arguments[1] : "";
  bool found = false;
  for (const InstructionSet set : supportedInstructionSets()) {
    if (name(set) != wanted) continue;
    workspace.instructionSet = set;
    found = true;
  }
  if (!found) return unsupported;
  workspace.threads.resize(1);
  for (std::size_t k = 0; k < vectors; ++k) {
    const auto stream = static_cast<std::uint32_t>(k);
    normals(workspace, singles.in[k].data(), places.data(), places.data(), stream, 0, rows, size);
    normals(workspace, doubles.in[k].data(), places.data(), places.data(), stream, 0, rows, size);
  }
  for (void (*path)() :
       {hot_combine_2, hot_combine_3, hot_combine_6, hot_combine_3_float64, hot_combine_in_turn, hot_combine_3_streamed,
        hot_correct_in_turn, hot_gram_3, hot_gram_3_blocked, hot_gram_3_float64, hot_normals, hot_normals_float64,
        hot_quantile, hot_clamp, hot_first_non_finite}) {
    path();
  }
  return 0;
}
