// Statistics of features. What takes long runs on a thread of its own, on copies, and gives a promise.
#include <napi.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "../statistics/frechet.h"
#include "../statistics/moments.h"
#include "../statistics/product.h"
#include "async_work.h"
#include "functions.h"

namespace quench::binding {
namespace {

constexpr std::size_t mostDimensions = 1U << 15U;

std::vector<double> copy(const TypedArray& array) { return {array.as<double>(), array.as<double>() + array.length}; }

using Compute = std::function<std::vector<double>(const Cancelled&)>;

/// Resolves with a computation's numbers.
class Computation : public AsyncWork {
 public:
  Computation(Napi::Env env, Compute compute) : AsyncWork(env), compute_(std::move(compute)) {}

 protected:
  void compute(const Cancelled& cancelled) override { result_ = compute_(cancelled); }
  Napi::Value result(Napi::Env env) override {
    Napi::Float64Array numbers = Napi::Float64Array::New(env, result_.size());
    std::copy(result_.begin(), result_.end(), numbers.Data());
    return numbers;
  }

 private:
  Compute compute_;
  std::vector<double> result_;
};

napi_value start(Call& call, Compute compute) {
  const Napi::Env env(call.env());
  return AsyncWork::begin(std::make_unique<Computation>(env, std::move(compute)), env, "quench.statistics");
}

TypedArray squareMatrix(Call& call, std::size_t index, std::size_t dimension, Label label) {
  const TypedArray array = call.typedArray(index, napi_float64_array, label);
  requireLength(array, dimension * dimension, label, "dimension * dimension");
  return array;
}

}  // namespace

napi_value addMoments(Call& call) {
  const TypedArray mean = call.typedArray(0, napi_float64_array, {"mean"});
  const TypedArray rows = call.vector(2, {"rows"});
  const std::size_t dimension = mean.length;
  if (dimension == 0 || dimension > mostDimensions) rangeError("Expected 1 to 32768 dimensions");
  const TypedArray products = squareMatrix(call, 1, dimension, {"products"});
  if (rows.length % dimension != 0) rangeError("Expected whole rows");
  const std::size_t before = call.integer(3, 0, UINT32_MAX, {"before"});
  requireApart(mean, rows, false, {"rows"});
  requireApart(products, rows, false, {"rows"});
  requireApart(products, mean, false, {"mean"});
  const std::size_t count = rows.length / dimension;
  inPrecision(rows, [&]<typename Real>() {
    statistics::addMoments(call.workspace(), mean.as<double>(), products.as<double>(), rows.as<Real>(), count,
                           dimension, before);
  });
  return nullptr;
}

namespace {

template <typename Real>
void addInnerProducts(Workspace& workspace, double* out, const TypedArray& a, const TypedArray& b,
                      std::size_t dimension) {
  const auto rowsOf = [&](const TypedArray& array) {
    return statistics::Columns<Real>{array.as<Real>(), 1, dimension, array.length / dimension};
  };
  statistics::addProduct(workspace.instructionSet, workspace.threads, out, rowsOf(a), rowsOf(b), dimension);
}

}  // namespace

napi_value innerProducts(Call& call) {
  const TypedArray out = call.typedArray(0, napi_float64_array, {"out"});
  const TypedArray a = call.vector(1, {"a"});
  const TypedArray b = call.vector(2, {"b"});
  const std::size_t dimension = call.integer(3, 1, UINT32_MAX, {"dimension"});
  if (a.type != b.type) typeError("Expected a and b of one type");
  if (a.length % dimension != 0 || b.length % dimension != 0) rangeError("Expected whole rows");
  requireLength(out, (a.length / dimension) * (b.length / dimension), {"out"}, "rows of a * rows of b");
  requireApart(out, a, false, {"a"});
  requireApart(out, b, false, {"b"});
  std::fill_n(out.as<double>(), out.length, 0.0);
  inPrecision(a, [&]<typename Real>() { addInnerProducts<Real>(call.workspace(), out.as<double>(), a, b, dimension); });
  return nullptr;
}

napi_value rootTrace(Call& call) {
  const std::size_t dimension = call.integer(2, 1, mostDimensions, {"dimension"});
  std::vector<double> a = copy(squareMatrix(call, 0, dimension, {"a"}));
  std::vector<double> b = copy(squareMatrix(call, 1, dimension, {"b"}));
  const InstructionSet set = call.workspace().instructionSet;
  return start(call, [set, dimension, a = std::move(a), b = std::move(b)](const Cancelled& cancelled) {
    return std::vector<double>{statistics::rootTrace(set, a.data(), b.data(), dimension, cancelled)};
  });
}

napi_value distancesWithout(Call& call) {
  const TypedArray gapArray = call.typedArray(1, napi_float64_array, {"gap"});
  const std::size_t dimension = gapArray.length;
  if (dimension == 0 || dimension > mostDimensions) rangeError("Expected 1 to 32768 dimensions");
  const TypedArray rowsArray = call.typedArray(0, napi_float64_array, {"rows"});
  if (rowsArray.length % dimension != 0) rangeError("Expected whole rows");
  std::vector<double> covariance = copy(squareMatrix(call, 2, dimension, {"covariance"}));
  const TypedArray groupArray = call.typedArray(3, napi_uint32_array, {"group"});
  const std::size_t count = rowsArray.length / dimension;
  requireLength(groupArray, count, {"group"}, "one per row");
  const std::size_t groups = call.integer(4, 1, UINT32_MAX, {"groups"});
  std::vector<std::uint32_t> group(groupArray.as<std::uint32_t>(), groupArray.as<std::uint32_t>() + count);
  if (groups > count) rangeError("Expected no more groups than rows");
  std::vector<std::size_t> sizes(groups);
  for (const std::uint32_t index : group) {
    if (index >= groups) rangeError("Expected groups below their number");
    ++sizes[index];
  }
  if (std::any_of(sizes.begin(), sizes.end(), [&](std::size_t size) { return count - size < 2; })) {
    rangeError("Expected at least two rows outside of every group");
  }
  const InstructionSet set = call.workspace().instructionSet;
  return start(call, [set, groups, dimension, rows = copy(rowsArray), gap = copy(gapArray),
                      covariance = std::move(covariance), group = std::move(group)](const Cancelled& cancelled) {
    return statistics::distancesWithout(set, {rows, gap, covariance, group, groups, dimension}, cancelled);
  });
}

}  // namespace quench::binding
