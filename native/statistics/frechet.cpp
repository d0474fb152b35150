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

/// The nuclear norm of a matrix (rows x columns), much cheaper where one side is much longer: by the smaller of its two
/// Gram matrices. Small singular values lose half of their digits.
double nuclearNormByGram(InstructionSet set, const std::vector<double>& matrix, std::size_t rows, std::size_t columns,
                         const Cancelled& cancelled) {
  const Columns<double> shorter = rows < columns ? Columns<double>{matrix.data(), 1, columns, rows}
                                                 : Columns<double>{matrix.data(), columns, 1, columns};
  const std::vector<double> gram = product(set, shorter, shorter, std::max(rows, columns));
  Factor factor = pivotedCholesky(set, gram.data(), shorter.count, cancelled);
  return nuclearNorm(set, std::move(factor.values), factor.rows, factor.rank, cancelled);
}

/// Distances of some of the rows.
class Parts {
 public:
  Parts(InstructionSet set, const Grouped& of, const Cancelled& cancelled)
      : set_(set),
        of_(of),
        cancelled_(cancelled),
        factor_(pivotedCholesky(set, of.covariance.data(), of.dimension, cancelled)) {
    // tr (S^1/2 R S^1/2)^1/2 is the nuclear norm of the centred rows times L: only R's factor is needed.
    seen_ = product(set, {of.rows.data(), 1, of.dimension, of.group.size()}, columnsOf(factor_), of.dimension);
    for (std::size_t i = 0; i < of.dimension; ++i) trace_ += of.covariance[i * of.dimension + i];
  }

  double distanceWithout(std::size_t group) {
    kept_.clear();
    for (std::size_t row = 0; row < of_.group.size(); ++row) {
      if (of_.group[row] != group) kept_.push_back(row);
    }
    const auto n = static_cast<double>(kept_.size());
    const std::vector<double> mean = meanOf(of_.rows, of_.dimension);
    double squares = 0;
    for (const std::size_t row : kept_) {
      for (std::size_t j = 0; j < of_.dimension; ++j)
        squares += of_.rows[row * of_.dimension + j] * of_.rows[row * of_.dimension + j];
    }
    double shift = 0;
    for (std::size_t j = 0; j < of_.dimension; ++j) {
      squares -= n * mean[j] * mean[j];
      shift += (mean[j] + of_.gap[j]) * (mean[j] + of_.gap[j]);
    }
    return std::max(shift + trace_ + squares / (n - 1) - 2 * nuclearNormOfKept() / std::sqrt(n - 1), 0.0);
  }

 private:
  std::vector<double> meanOf(std::span<const double> rows, std::size_t width) const {
    std::vector<double> mean(width);
    for (const std::size_t row : kept_) {
      for (std::size_t j = 0; j < width; ++j) mean[j] += rows[row * width + j];
    }
    for (double& value : mean) value /= static_cast<double>(kept_.size());
    return mean;
  }

  /// Of the kept rows of `seen_` about their mean.
  double nuclearNormOfKept() const {
    const std::size_t rank = factor_.rank;
    const std::vector<double> mean = meanOf(seen_, rank);
    std::vector<double> centred;
    centred.reserve(kept_.size() * rank);
    for (const std::size_t row : kept_) {
      for (std::size_t j = 0; j < rank; ++j) centred.push_back(seen_[row * rank + j] - mean[j]);
    }
    return nuclearNormByGram(set_, centred, kept_.size(), rank, cancelled_);
  }

  InstructionSet set_;
  const Grouped& of_;
  const Cancelled& cancelled_;
  Factor factor_;
  std::vector<double> seen_;
  double trace_ = 0;
  std::vector<std::size_t> kept_;
};

}  // namespace

double rootTrace(InstructionSet set, const double* a, const double* b, std::size_t dimension,
                 const Cancelled& cancelled) {
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

std::vector<double> distancesWithout(InstructionSet set, const Grouped& grouped, const Cancelled& cancelled) {
  Parts parts(set, grouped, cancelled);
  std::vector<double> distances(grouped.groups);
  for (std::size_t group = 0; group < grouped.groups && !cancelled.requested(); ++group) {
    distances[group] = parts.distanceWithout(group);
  }
  return distances;
}

}  // namespace quench::statistics
