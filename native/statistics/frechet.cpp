#include "frechet.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "factors.h"
#include "product.h"

namespace quench::statistics {
namespace {

/// a(k, i) b(k, j) summed over k, on this thread.
std::vector<double> product(InstructionSet set, const Columns<double>& a, const Columns<double>& b, std::size_t depth) {
  ThreadPool here;
  std::vector<double> out(a.count * b.count);
  addProduct(set, here, out.data(), a, b, depth);
  return out;
}

Columns<double> columnsOf(const Factor& factor) { return {factor.values.data(), factor.rank, 1, factor.rank}; }

/// The nuclear norm of a matrix (rows x columns), much cheaper where one side is much longer: by the smaller of its two Gram
/// matrices. Small singular values lose half of their digits.
double nuclearNormByGram(InstructionSet set, const std::vector<double>& matrix, std::size_t rows, std::size_t columns,
                         const Cancelled& cancelled) {
  const Columns<double> shorter = rows < columns ? Columns<double>{matrix.data(), 1, columns, rows}
                                                 : Columns<double>{matrix.data(), columns, 1, columns};
  const std::vector<double> gram = product(set, shorter, shorter, std::max(rows, columns));
  Factor factor = pivotedCholesky(set, gram.data(), shorter.count, cancelled);
  return nuclearNorm(set, std::move(factor.values), factor.rows, factor.rank, cancelled);
}

/// Distances of draws, one at a time.
class Draws {
 public:
  Draws(InstructionSet set, const Resampling& of, const Cancelled& cancelled)
      : set_(set), of_(of), cancelled_(cancelled), factor_(pivotedCholesky(set, of.covariance.data(), of.dimension, cancelled)) {
    // tr (S^1/2 R S^1/2)^1/2 is the nuclear norm of the square root of the weights times rows L: only R's factor is needed.
    seen_ = product(set, {of.rows.data(), 1, of.dimension, of.count}, columnsOf(factor_), of.dimension);
    for (std::size_t i = 0; i < of.dimension; ++i) trace_ += of.covariance[i * of.dimension + i];
  }

  double distance(std::size_t draw) {
    count(of_.draws.subspan(draw * of_.count, of_.count));
    const double overlap = nuclearNormOfDraw();
    const auto n = static_cast<double>(of_.count);
    double squares = 0;
    std::vector<double> mean(of_.dimension);
    for (const Drawn& drawn : drawn_) {
      const double* row = of_.rows.data() + drawn.row * of_.dimension;
      for (std::size_t j = 0; j < of_.dimension; ++j) {
        mean[j] += drawn.times * row[j];
        squares += drawn.times * row[j] * row[j];
      }
    }
    double shift = 0;
    for (std::size_t j = 0; j < of_.dimension; ++j) {
      mean[j] /= n;
      squares -= n * mean[j] * mean[j];
      shift += (mean[j] + of_.gap[j]) * (mean[j] + of_.gap[j]);
    }
    return std::max(shift + trace_ + squares / (n - 1) - 2 * overlap / std::sqrt(n - 1), 0.0);
  }

 private:
  struct Drawn {
    std::size_t row;
    double times;
  };

  void count(std::span<const std::uint32_t> draws) {
    std::vector<std::uint32_t> times(of_.count);
    for (const std::uint32_t row : draws) ++times[row];
    drawn_.clear();
    for (std::size_t row = 0; row < of_.count; ++row) {
      if (times[row] > 0) drawn_.push_back({row, static_cast<double>(times[row])});
    }
  }

  /// Of the drawn rows of `seen_` about their mean, each by the root of how often it was drawn.
  double nuclearNormOfDraw() const {
    const std::size_t rank = factor_.rank;
    std::vector<double> mean(rank);
    for (const Drawn& drawn : drawn_) {
      for (std::size_t j = 0; j < rank; ++j) mean[j] += drawn.times * seen_[drawn.row * rank + j];
    }
    for (double& value : mean) value /= static_cast<double>(of_.count);
    std::vector<double> centred;
    centred.reserve(drawn_.size() * rank);
    for (const Drawn& drawn : drawn_) {
      const double root = std::sqrt(drawn.times);
      for (std::size_t j = 0; j < rank; ++j) centred.push_back(root * (seen_[drawn.row * rank + j] - mean[j]));
    }
    return nuclearNormByGram(set_, centred, drawn_.size(), rank, cancelled_);
  }

  InstructionSet set_;
  const Resampling& of_;
  const Cancelled& cancelled_;
  Factor factor_;
  std::vector<double> seen_;
  double trace_ = 0;
  std::vector<Drawn> drawn_;
};

}  // namespace

double rootTrace(InstructionSet set, const double* a, const double* b, std::size_t dimension, const Cancelled& cancelled) {
  const auto finite = [&](const double* matrix) {
    return std::all_of(matrix, matrix + dimension * dimension, [](double value) { return std::isfinite(value); });
  };
  if (!finite(a) || !finite(b)) return std::numeric_limits<double>::quiet_NaN();
  const Factor first = pivotedCholesky(set, a, dimension, cancelled);
  const Factor second = pivotedCholesky(set, b, dimension, cancelled);
  if (cancelled.requested()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> overlap = product(set, columnsOf(first), columnsOf(second), dimension);
  return nuclearNorm(set, std::move(overlap), first.rank, second.rank, cancelled);
}

std::vector<double> resampledDistances(InstructionSet set, const Resampling& resampling, const Cancelled& cancelled) {
  Draws draws(set, resampling, cancelled);
  std::vector<double> distances(resampling.draws.size() / resampling.count);
  for (std::size_t draw = 0; draw < distances.size() && !cancelled.requested(); ++draw) distances[draw] = draws.distance(draw);
  return distances;
}

}  // namespace quench::statistics
