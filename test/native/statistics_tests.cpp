// The statistics of features without Node.js; main() is in kernel_tests.cpp.
#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "operations/workspace.h"
#include "statistics/factors.h"
#include "statistics/frechet.h"
#include "statistics/moments.h"
#include "statistics/product.h"

namespace {

using namespace quench;
using namespace quench::statistics;

const std::atomic<bool> never = false;
const Cancelled cancelled(never);

std::vector<double> random(std::size_t length, std::uint32_t seed) {
  std::vector<double> values(length);
  std::uint32_t state = seed * 2654435761U + 1;
  for (double& value : values) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<double>(static_cast<std::int32_t>(state)) / (1 << 30);
  }
  return values;
}

bool near(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance * (1 + std::abs(b)); }

/// sum_k a[k, i] b[k, j] with columns along the rows of memory.
std::vector<double> plainProduct(const std::vector<double>& a, const std::vector<double>& b, std::size_t rows,
                                 std::size_t columns, std::size_t depth) {
  std::vector<double> out(rows * columns);
  for (std::size_t k = 0; k < depth; ++k) {
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) out[i * columns + j] += a[k * rows + i] * b[k * columns + j];
    }
  }
  return out;
}

bool productsAgree(std::size_t rows, std::size_t columns, std::size_t depth) {
  const std::vector<double> a = random(rows * depth, 1);
  const std::vector<double> b = random(columns * depth, 2);
  const std::vector<double> expected = plainProduct(a, b, rows, columns, depth);
  std::vector<double> first;
  bool good = true;
  for (const InstructionSet set : supportedInstructionSets()) {
    for (const std::size_t threads : {1U, 3U}) {
      ThreadPool pool;
      pool.resize(threads);
      std::vector<double> out(rows * columns);
      addProduct<double>(set, pool, out.data(), {a.data(), rows, 1, rows}, {b.data(), columns, 1, columns}, depth);
      for (std::size_t i = 0; i < out.size(); ++i) good = good && near(out[i], expected[i], 1e-12);
      if (first.empty()) first = out;
      good = good && out == first;
    }
  }
  return good;
}

/// L L^T gives the matrix back, at the rank it was made with.
bool factorsAgree(std::size_t size, std::size_t rank) {
  const std::vector<double> root = random(size * rank, 3);
  const std::vector<double> matrix = plainProduct(root, root, size, size, rank);
  const Factor factor = pivotedCholesky(InstructionSet::baseline, matrix.data(), size, cancelled);
  bool good = factor.rank == rank;
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < factor.rank; ++k)
        sum += factor.values[i * factor.rank + k] * factor.values[j * factor.rank + k];
      good = good && near(sum, matrix[i * size + j], 1e-11);
    }
  }
  return good;
}

/// The nuclear norm of Q D for orthogonal columns Q (a Householder reflection's) is the sum of |D|, zeros among them.
bool nuclearNormsAgree(std::size_t rows, std::size_t columns) {
  const std::vector<double> v = random(rows, 4);
  double square = 0;
  for (const double value : v) square += value * value;
  std::vector<double> matrix(rows * columns);
  double expected = 0;
  for (std::size_t j = 0; j < columns; ++j) {
    const double value = j % 3 == 2 ? 0.0 : std::pow(10.0, -static_cast<double>(j) / 4);
    expected += value;
    for (std::size_t i = 0; i < rows; ++i)
      matrix[i * columns + j] = value * ((i == j ? 1 : 0) - 2 * v[i] * v[j] / square);
  }
  return near(nuclearNorm(InstructionSet::baseline, matrix, rows, columns, cancelled), expected, 1e-13);
}

bool momentsAndDistancesAgree() {
  constexpr std::size_t d = 5;
  constexpr std::size_t n = 300;
  const std::vector<double> rows = random(n * d, 6);
  Workspace workspace;
  std::vector<double> mean(d), products(d * d);
  statistics::addMoments(workspace, mean.data(), products.data(), rows.data(), momentsBlock, d, 0);
  statistics::addMoments(workspace, mean.data(), products.data(), rows.data() + momentsBlock * d, n - momentsBlock, d,
                         momentsBlock);
  std::vector<double> covariance(d * d);
  bool good = true;
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = i; j < d; ++j) {
      double sum = 0;
      for (std::size_t r = 0; r < n; ++r) sum += (rows[r * d + i] - mean[i]) * (rows[r * d + j] - mean[j]);
      good = good && near(products[i * d + j], sum, 1e-12);
      covariance[i * d + j] = covariance[j * d + i] = products[i * d + j] / (n - 1);
    }
  }
  double trace = 0;
  for (std::size_t i = 0; i < d; ++i) trace += covariance[i * d + i];
  good = good &&
         near(rootTrace(InstructionSet::baseline, covariance.data(), covariance.data(), d, cancelled), trace, 1e-12);
  // Without a group of no rows the rows' own mean and covariance are left: the distance to them is zero.
  std::vector<double> centred(rows);
  for (std::size_t i = 0; i < centred.size(); ++i) centred[i] -= mean[i % d];
  std::vector<std::uint32_t> group(n, 2);
  std::fill_n(group.begin(), n - 3, 1U);
  const std::vector<double> gap(d);
  const std::vector<double> found =
      distancesWithout(InstructionSet::baseline, {centred, gap, covariance, group, 3, d}, cancelled);
  return good && near(found[0], 0, 1e-12) && found[1] > 0.1;
}

}  // namespace

int statisticsFailures() {
  int failures = 0;
  const auto expect = [&](bool good, const char* what) {
    if (good) return;
    ++failures;
    std::printf("FAILED: %s\n", what);
  };
  for (const std::size_t rows : {1U, 4U, 19U}) {
    for (const std::size_t columns : {1U, 16U, 35U}) {
      for (const std::size_t depth : {1U, 7U, 300U}) expect(productsAgree(rows, columns, depth), "products");
    }
  }
  expect(factorsAgree(1, 1) && factorsAgree(20, 20) && factorsAgree(33, 7), "pivoted Cholesky factors");
  expect(nuclearNormsAgree(1, 1) && nuclearNormsAgree(20, 20) && nuclearNormsAgree(40, 9), "nuclear norms");
  expect(momentsAndDistancesAgree(), "moments and distances");
  return failures;
}
