#include "../operations/gram.h"

#include "functions.h"

namespace quench::binding {
namespace {

constexpr std::size_t firstElement = 3;

template <typename Real>
void run(Call& call, const TypedArray& out, const TypedArray& model, std::size_t count, std::size_t rows,
         Accumulate accumulate) {
  BasisElement<Real> basis[maximumBasis];
  for (std::size_t k = 0; k < count; ++k) {
    const Label label{"basis", static_cast<int>(k)};
    const TypedArray minuend = call.vector(firstElement + 2 * k, label);
    requireLike(minuend, model, label, {"basis[0]"});
    requireApart(out, minuend, false, label);
    basis[k] = {minuend.as<Real>(), nullptr};
    if (call.isUndefined(firstElement + 2 * k + 1)) continue;
    const TypedArray subtrahend = call.vector(firstElement + 2 * k + 1, label);
    requireLike(subtrahend, model, label, {"basis[0]"});
    requireApart(out, subtrahend, false, label);
    basis[k].subtrahend = subtrahend.as<Real>();
  }
  call.instance().count(Operation::gram);
  quench::gram(call.workspace(), out.as<double>(), basis, count, rows, model.length / rows, accumulate);
}

}  // namespace

napi_value gram(Call& call) {
  if (call.size() < firstElement + 2 || call.size() > firstElement + 2 * maximumBasis ||
      (call.size() - firstElement) % 2 != 0) {
    rangeError("Expected a basis of 1 to 6 elements");
  }
  const std::size_t count = (call.size() - firstElement) / 2;
  const TypedArray out = call.typedArray(0, napi_float64_array, {"out"});
  const std::size_t rows = call.integer(1, 1, UINT32_MAX, {"rows"});
  const bool blocked = call.integer(2, 0, 1, {"accumulate"}) == 1;
  const TypedArray model = call.vector(firstElement, {"basis[0]"});
  rowSize(model, rows, {"basis[0]"});
  requireLength(out, rows * count * (count + 1) / 2, {"out"}, "rows * K (K + 1) / 2");
  if (blocked && model.type == napi_float64_array) {
    typeError("Expected Float32Array vectors for accumulate \"blocked\" but received Float64Array");
  }
  const Accumulate accumulate = blocked ? Accumulate::blocked : Accumulate::float64;
  inPrecision(model, [&]<typename Real>() { run<Real>(call, out, model, count, rows, accumulate); });
  return nullptr;
}

}  // namespace quench::binding
