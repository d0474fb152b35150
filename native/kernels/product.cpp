#include "product.h"

#include "gram_lanes.h"

namespace quench {
namespace {

struct TileProductBody {
  QUENCH_ALWAYS_INLINE static void run(double* out, std::size_t outStep, const double* a, const double* b,
                                       std::size_t depth, std::size_t rows, std::size_t columns) {
    // Four named rows rather than an array of arrays, which GCC leaves in memory.
    Lanes<double> sum0{};
    Lanes<double> sum1{};
    Lanes<double> sum2{};
    Lanes<double> sum3{};
    for (std::size_t k = 0; k < depth; ++k) {
      const double* left = a + k * tileRows;
      const double* right = b + k * tileColumns;
      for (std::size_t j = 0; j < tileColumns; ++j) sum0.at[j] += left[0] * right[j];
      for (std::size_t j = 0; j < tileColumns; ++j) sum1.at[j] += left[1] * right[j];
      for (std::size_t j = 0; j < tileColumns; ++j) sum2.at[j] += left[2] * right[j];
      for (std::size_t j = 0; j < tileColumns; ++j) sum3.at[j] += left[3] * right[j];
    }
    const Lanes<double>* sums[tileRows] = {&sum0, &sum1, &sum2, &sum3};
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) out[i * outStep + j] += sums[i]->at[j];
    }
  }
};

struct DotBody {
  QUENCH_ALWAYS_INLINE static double run(const double* a, const double* b, std::size_t length) {
    Lanes<double> sums{};
    std::size_t from = 0;
    for (; from + gramLanes <= length; from += gramLanes) {
      for (std::size_t lane = 0; lane < gramLanes; ++lane) sums.at[lane] += a[from + lane] * b[from + lane];
    }
    for (std::size_t lane = 0; from + lane < length; ++lane) sums.at[lane] += a[from + lane] * b[from + lane];
    return foldLanes(sums);
  }
};

struct UpdateRowBody {
  QUENCH_ALWAYS_INLINE static void run(double* row, const double* x, const double* w, double* sum, double u, double z,
                                       double v, std::size_t length) {
    QUENCH_INDEPENDENT_ITERATIONS
    for (std::size_t j = 0; j < length; ++j) {
      const double value = row[j] - (u * x[j] + z * w[j]);
      row[j] = value;
      sum[j] += v * value;
    }
  }
};

}  // namespace

TileProduct tileProductKernel(InstructionSet set) { return select<TileProductBody>(set); }
Dot dotKernel(InstructionSet set) { return select<DotBody>(set); }
UpdateRow updateRowKernel(InstructionSet set) { return select<UpdateRowBody>(set); }

}  // namespace quench
