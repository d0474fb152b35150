// The kernels without Node.js: for sanitizers, for cross-compilers, and for what JavaScript cannot reach.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "kernels/half.h"
#include "kernels/philox.h"
#include "kernels/streaming_store.h"
#include "operations/combine_in_turn.h"
#include "operations/correct_in_turn.h"
#include "operations/elementwise.h"
#include "operations/gram.h"

namespace {

using namespace quench;

int failures = 0;

void expect(bool good, const char* what, std::string_view setting = "") {
  if (good) return;
  ++failures;
  std::printf("FAILED: %s %.*s\n", what, static_cast<int>(setting.size()), setting.data());
}

/// Exactly `length` elements on the heap, so that one step beyond either end is caught by the address sanitizer.
template <typename Real>
std::vector<Real> random(std::size_t length, std::uint32_t seed) {
  std::vector<Real> values(length);
  std::uint32_t state = seed * 2654435761U + 1;
  for (Real& value : values) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<Real>(static_cast<std::int32_t>(state)) / static_cast<Real>(1 << 30);
  }
  return values;
}

template <typename Value>
bool same(const std::vector<Value>& a, const std::vector<Value>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(Value)) == 0);
}

/// Every result of one round of all operations over rows * size elements, as bytes.
template <typename Real>
std::vector<std::byte> round(Workspace& workspace, std::size_t rows, std::size_t size) {
  std::vector<std::byte> results;
  const auto keep = [&](const auto& values) {
    const auto bytes = std::as_bytes(std::span(values));
    results.insert(results.end(), bytes.begin(), bytes.end());
  };
  const std::size_t length = rows * size;
  std::vector<std::vector<Real>> v;
  for (std::uint32_t seed = 0; seed < 8; ++seed) v.push_back(random<Real>(length, seed + 1));
  const std::vector<Real> perElement = random<Real>(size, 20);
  const std::vector<double> perRow = random<double>(rows, 21);
  std::vector<Real> out(length);

  for (std::size_t count = 1; count <= maximumTerms; ++count) {
    for (int form = 0; form < 3; ++form) {
      CombineTerm<Real> terms[maximumTerms];
      for (std::size_t k = 0; k < count; ++k) terms[k] = {v[k].data(), 0.3 + static_cast<double>(k), nullptr, nullptr};
      if (form == 1) terms[count - 1].perRow = perRow.data();
      if (form == 2) terms[count - 1].perElement = perElement.data();
      combine(workspace, out.data(), terms, count, rows, size);
      keep(out);
    }
  }
  {
    std::vector<Real> state = v[0];
    std::vector<Real> aside(length);
    const CombineTerm<Real> conversion[]{{state.data(), 0.7, nullptr, nullptr}, {v[1].data(), -0.2, nullptr, nullptr}};
    const CombineTerm<Real> step[]{{state.data(), 0, perRow.data(), nullptr},
                                   {out.data(), 0.3, nullptr, nullptr},
                                   {v[2].data(), 0.1, nullptr, nullptr}};
    const CombineTerm<Real> copy[]{{state.data(), 1.5, nullptr, nullptr}};
    const Combination<Real> all[]{{out.data(), conversion, 2, rows, size},
                                  {state.data(), step, 3, rows, size},
                                  {aside.data(), copy, 1, rows, size}};
    const std::size_t bad = combineInTurn<Real>(workspace, all, v[1].data(), 1);
    keep(out);
    keep(state);
    keep(aside);
    keep(std::vector<std::size_t>{bad});
  }
  for (std::size_t count = 1; count <= maximumBasis; ++count) {
    for (const Accumulate accumulate : {Accumulate::float64, Accumulate::blocked}) {
      for (const bool differences : {false, true}) {
        BasisElement<Real> basis[maximumBasis];
        for (std::size_t k = 0; k < count; ++k)
          basis[k] = {v[k].data(), differences && k % 2 == 0 ? v[k + 1].data() : nullptr};
        std::vector<double> sums(rows * count * (count + 1) / 2);
        gram(workspace, sums.data(), basis, count, rows, size, accumulate);
        keep(sums);
      }
    }
  }
  for (const Accumulate accumulate : {Accumulate::float64, Accumulate::blocked}) {
    for (const std::size_t number : {std::size_t{1}, std::size_t{3}}) {
      // A step by either formula, with the next step's probe.
      const reduced_entropy::Formula& formula = *reduced_entropy::formulaAt(number);
      const std::vector<double> constants(formula.constants, 0.4);
      std::vector<double> kept(rows * formula.kept, 0.7);
      std::vector<double> coefficients(rows * formula.coefficients);
      std::vector<double> measured(rows * formula.measured);
      const reduced_entropy::Decision decisions[]{
          {&formula, rows, constants.data(), kept.data(), coefficients.data(), measured.data()}};
      std::vector<Real> state = v[0];
      const CombineTerm<Real> conversion[]{{state.data(), 0.7, nullptr, nullptr},
                                           {v[1].data(), -0.2, nullptr, nullptr}};
      const Combination<Real> before[]{{out.data(), conversion, 2, rows, size}};
      const double* on = coefficients.data();
      const CombineTerm<Real> correction[]{{out.data(), 0, on + rows, nullptr},
                                           {v[3].data(), 0, on + 2 * rows, nullptr},
                                           {v[2].data(), 0, on + 3 * rows, nullptr},
                                           {state.data(), 0, on, nullptr}};
      const CombineTerm<Real> probe[]{{v[2].data(), 0.3, nullptr, nullptr},
                                      {out.data(), -0.2, nullptr, nullptr},
                                      {state.data(), 0.9, nullptr, nullptr}};
      const Combination<Real> after[]{{state.data(), correction, 4, rows, size}, {state.data(), probe, 3, rows, size}};
      const BasisElement<Real> basis[]{
          {state.data(), nullptr}, {v[2].data(), nullptr}, {v[2].data(), v[3].data()}, {out.data(), v[2].data()}};
      const auto measures = std::span(basis).last(formula.products - 1);
      const std::size_t bad =
          correctInTurn<Real>(workspace, {before, v[1].data(), 1, measures, rows, size, accumulate, decisions, after});
      for (const std::vector<double>& numbers : {kept, coefficients, measured}) keep(numbers);
      keep(out);
      keep(state);
      keep(std::vector<std::size_t>{bad});
    }
  }
  std::vector<std::uint64_t> seeds(rows, 77);
  std::vector<std::uint64_t> samples(rows);
  for (std::size_t row = 0; row < rows; ++row) samples[row] = row;
  if constexpr (std::is_same_v<Real, float>) {
    std::vector<std::uint16_t> halves(length);
    floatToHalf(workspace, halves.data(), out.data(), length);
    keep(halves);
    halfToFloat(workspace, out.data(), halves.data(), length);
    keep(out);
    // Fewer than 16 go through the C library's sine and logarithm.
    if (size >= 16) {
      std::vector<TorchGenerator> generators(rows);
      for (std::size_t row = 0; row < rows; ++row) seed(generators[row], static_cast<std::uint32_t>(row));
      torchNormals(workspace, out.data(), generators.data(), rows, size);
      keep(out);
    }
  }
  normals(workspace, out.data(), seeds.data(), samples.data(), 3, 1, rows, size);
  keep(out);
  std::vector<Real> other(length);
  clamp(workspace, other.data(), out.data(), -1.0, 1.0, length);
  keep(other);
  const std::vector<double> limits(rows, 1.5);
  threshold(workspace, other.data(), out.data(), limits.data(), rows, size);
  keep(other);
  std::vector<double> quantiles(rows);
  absoluteQuantiles(workspace, quantiles.data(), out.data(), 0.9, rows, size);
  keep(quantiles);
  std::vector<double> errors(rows);
  scaledErrors(workspace, errors.data(), out.data(), other.data(), v[0].data(), {0.1, 0.05}, rows, size);
  keep(errors);
  expect(firstNonFinite(workspace, out.data(), length) == length, "all finite");
  out[length - 1] = std::numeric_limits<Real>::infinity();
  expect(firstNonFinite(workspace, out.data(), length) == length - 1, "the last is infinite");
  return results;
}

/// Fowler, Noll and Vo's hash, to compare results of processors with one another.
std::uint64_t digest(const std::vector<std::byte>& bytes) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const std::byte byte : bytes) hash = (hash ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001B3U;
  return hash;
}

bool printDigests = false;

template <typename Real>
void everySettingGivesTheSameBits(std::size_t rows, std::size_t size) {
  std::vector<std::byte> first;
  for (const InstructionSet set : supportedInstructionSets()) {
    for (const std::size_t threads : {1U, 2U, 3U, 7U}) {
      for (const bool streaming : {false, true}) {
        Workspace workspace;
        workspace.instructionSet = set;
        workspace.threads.resize(threads);
        workspace.streamingBytes = streaming ? 0 : std::numeric_limits<std::size_t>::max();
        const std::vector<std::byte> found = round<Real>(workspace, rows, size);
        if (first.empty()) first = found;
        expect(same(found, first), "the same bits", name(set));
      }
    }
  }
  if (printDigests) {
    std::printf("%zu bytes a number, %zu rows of %zu: %016llx\n", sizeof(Real), rows, size,
                static_cast<unsigned long long>(digest(first)));
  }
}

void philoxGivesItsPublishedAnswers() {
  const auto gives = [](PhiloxCounter counter, PhiloxKey key, PhiloxCounter answer) {
    const PhiloxCounter found = philox4x32(counter, key);
    return std::equal(found.word, found.word + 4, answer.word);
  };
  constexpr std::uint32_t ones = 0xFFFFFFFFU;
  expect(gives({{0, 0, 0, 0}}, {{0, 0}}, {{0x6627E8D5U, 0xE169C58DU, 0xBC57AC4CU, 0x9B00DBD8U}}), "Philox of zeros");
  expect(gives({{ones, ones, ones, ones}}, {{ones, ones}}, {{0x408F276DU, 0x41C83B0EU, 0xA20BC7C6U, 0x6D5451FDU}}),
         "Philox of ones");
  expect(gives({{0x243F6A88U, 0x85A308D3U, 0x13198A2EU, 0x03707344U}}, {{0xA4093822U, 0x299F31D0U}},
               {{0xD16CFE09U, 0x94FDCCEBU, 0x5001E420U, 0x24126EA1U}}),
         "Philox of pi");
}

void halvesSurviveTheRoundTrip() {
  std::vector<std::uint16_t> halves(65536);
  for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = static_cast<std::uint16_t>(i);
  for (const InstructionSet set : supportedInstructionSets()) {
    std::vector<float> floats(halves.size());
    std::vector<std::uint16_t> back(halves.size());
    halfToFloatKernel(set)(floats.data(), halves.data(), halves.size());
    floatToHalfKernel(set)(back.data(), floats.data(), floats.size());
    for (std::size_t i = 0; i < halves.size(); ++i) {
      const std::size_t wanted = std::isnan(floats[i]) ? i | 0x200U : i;
      expect(back[i] == wanted, "half round trip", name(set));
    }
  }
}

void streamingWritesWholeLines() {
  alignas(cacheLine) unsigned char source[cacheLine];
  alignas(cacheLine) unsigned char target[3 * cacheLine] = {};
  for (std::size_t i = 0; i < cacheLine; ++i) source[i] = static_cast<unsigned char>(i + 1);
  streamLine(target + cacheLine, source);
  finishStreaming();
  expect(std::equal(source, source + cacheLine, target + cacheLine), "a streamed line");
  expect(target[cacheLine - 1] == 0 && target[2 * cacheLine] == 0, "the lines beside a streamed one");
}

void threadPoolsRunEveryTaskOnce() {
  ThreadPool pool;
  for (const std::size_t threads : {4U, 1U, 7U, 2U}) {
    pool.resize(threads);
    for (std::size_t count = 0; count < 40; ++count) {
      std::vector<int> runs(count);
      pool.run(count, [&](std::size_t index) { ++runs[index]; });
      expect(std::all_of(runs.begin(), runs.end(), [](int times) { return times == 1; }), "every task once");
    }
  }
}

}  // namespace

int statisticsFailures();  // statistics_tests.cpp

/// --digests prints what must be the same on every processor.
int main(int count, char** arguments) {
  printDigests = count == 2 && std::string_view(arguments[1]) == "--digests";
  failures += statisticsFailures();
  philoxGivesItsPublishedAnswers();
  halvesSurviveTheRoundTrip();
  streamingWritesWholeLines();
  threadPoolsRunEveryTaskOnce();
  for (const std::size_t size : {1U, 3U, 15U, 17U, 257U, 4097U}) {
    everySettingGivesTheSameBits<float>(3, size);
    everySettingGivesTheSameBits<double>(3, size);
  }
  // Beyond the size from which work is divided among threads.
  everySettingGivesTheSameBits<float>(2, 140001);
  everySettingGivesTheSameBits<double>(2, 70001);
  std::printf(failures == 0 ? "kernel tests passed\n" : "%d kernel tests failed\n", failures);
  return failures == 0 ? 0 : 1;
}
