#include "../operations/elementwise.h"

#include <cmath>

#include "functions.h"

namespace quench::binding {
namespace {

constexpr std::uint64_t maximumSafeInteger = (std::uint64_t{1} << 53) - 1;

void requireArguments(const Call& call, std::size_t count, std::string_view signature) {
  if (call.size() != count) typeError("Expected the arguments " + std::string(signature));
}

}  // namespace

napi_value normals(Call& call) {
  requireArguments(call, 5, "(out, seeds, samples, stream, elementOffset)");
  const TypedArray out = call.vector(0, {"out"});
  const TypedArray seeds = call.typedArray(1, napi_biguint64_array, {"seeds"});
  const TypedArray samples = call.typedArray(2, napi_biguint64_array, {"samples"});
  const auto stream = static_cast<std::uint32_t>(call.integer(3, 0, UINT32_MAX, {"stream"}));
  const std::uint64_t first = call.integer(4, 0, maximumSafeInteger, {"elementOffset"});
  if (seeds.length == 0) rangeError("Expected at least one seed");
  requireLength(samples, seeds.length, {"samples"}, "the length of seeds");
  const std::size_t size = rowSize(out, seeds.length, {"out"});
  requireApart(out, seeds, false, {"seeds"});
  requireApart(out, samples, false, {"samples"});
  const std::uint64_t* sample = samples.as<std::uint64_t>();
  for (std::size_t row = 0; row < seeds.length; ++row) {
    if (sample[row] > UINT32_MAX) rangeError("Expected samples below 2^32 but received " + std::to_string(sample[row]));
  }
  call.instance().count(Operation::normals);
  inPrecision(out, [&]<typename Real>() {
    quench::normals(call.workspace(), out.as<Real>(), seeds.as<std::uint64_t>(), sample, stream, first, seeds.length,
                    size);
  });
  return nullptr;
}

napi_value clamp(Call& call) {
  requireArguments(call, 4, "(out, input, low, high)");
  const TypedArray out = call.vector(0, {"out"});
  const TypedArray input = call.vector(1, {"input"});
  const double low = call.number(2, {"low"});
  const double high = call.number(3, {"high"});
  requireLike(input, out, {"input"}, {"out"});
  requireApart(out, input, true, {"input"});
  if (!(low <= high)) rangeError("Expected low <= high, neither NaN");
  call.instance().count(Operation::clamp);
  inPrecision(out, [&]<typename Real>() {
    quench::clamp(call.workspace(), out.as<Real>(), input.as<Real>(), low, high, out.length);
  });
  return nullptr;
}

napi_value threshold(Call& call) {
  requireArguments(call, 3, "(out, input, limits)");
  const TypedArray out = call.vector(0, {"out"});
  const TypedArray input = call.vector(1, {"input"});
  const TypedArray limits = call.typedArray(2, napi_float64_array, {"limits"});
  requireLike(input, out, {"input"}, {"out"});
  requireApart(out, input, true, {"input"});
  requireApart(out, limits, false, {"limits"});
  if (limits.length == 0) rangeError("Expected at least one limit");
  const std::size_t size = rowSize(out, limits.length, {"out"});
  const double* limit = limits.as<double>();
  for (std::size_t row = 0; row < limits.length; ++row) {
    // As the kernel sees it: a float64 limit may round to zero or infinity in float32.
    const double seen =
        inPrecision(out, [&]<typename Real>() { return static_cast<double>(static_cast<Real>(limit[row])); });
    if (!(seen > 0 && std::isfinite(seen))) {
      rangeError("Expected a positive finite number for limits[" + std::to_string(row) + "] but received " +
                 std::to_string(limit[row]));
    }
  }
  call.instance().count(Operation::threshold);
  inPrecision(out, [&]<typename Real>() {
    quench::threshold(call.workspace(), out.as<Real>(), input.as<Real>(), limit, limits.length, size);
  });
  return nullptr;
}

napi_value absoluteQuantile(Call& call) {
  requireArguments(call, 4, "(out, v, q, rows)");
  const TypedArray out = call.typedArray(0, napi_float64_array, {"out"});
  const TypedArray values = call.vector(1, {"v"});
  const double q = call.number(2, {"q"});
  const std::size_t rows = call.integer(3, 1, UINT32_MAX, {"rows"});
  if (!(q >= 0 && q <= 1)) rangeError("Expected a number from 0 to 1 for q but received " + std::to_string(q));
  const std::size_t size = rowSize(values, rows, {"v"});
  if (size == 0) rangeError("Expected at least one element per row in v");
  requireLength(out, rows, {"out"}, "rows");
  requireApart(out, values, false, {"v"});
  call.instance().count(Operation::absoluteQuantile);
  inPrecision(values, [&]<typename Real>() {
    absoluteQuantiles(call.workspace(), out.as<double>(), values.as<Real>(), q, rows, size);
  });
  return nullptr;
}

napi_value scaledErrors(Call& call) {
  requireArguments(call, 6, "(out, higher, lower, before, absolute, relative)");
  const TypedArray out = call.typedArray(0, napi_float64_array, {"out"});
  const TypedArray higher = call.vector(1, {"higher"});
  const TypedArray lower = call.vector(2, {"lower"});
  const TypedArray before = call.vector(3, {"before"});
  const Tolerance tolerance{call.number(4, {"absolute"}), call.number(5, {"relative"})};
  if (!(tolerance.absolute > 0 && tolerance.relative >= 0)) {
    rangeError("Expected a positive absolute and no negative relative tolerance");
  }
  requireLike(lower, higher, {"lower"}, {"higher"});
  requireLike(before, higher, {"before"}, {"higher"});
  if (out.length == 0 || higher.length == 0) rangeError("Expected at least one row of at least one element");
  const std::size_t size = rowSize(higher, out.length, {"higher"});
  for (const TypedArray& vector : {higher, lower, before}) requireApart(out, vector, false, {"a vector"});
  call.instance().count(Operation::scaledErrors);
  inPrecision(higher, [&]<typename Real>() {
    quench::scaledErrors(call.workspace(), out.as<double>(), higher.as<Real>(), lower.as<Real>(), before.as<Real>(),
                         tolerance, out.length, size);
  });
  return nullptr;
}

napi_value firstNonFinite(Call& call) {
  requireArguments(call, 1, "(v)");
  const TypedArray values = call.vector(0, {"v"});
  call.instance().count(Operation::firstNonFinite);
  const std::size_t found = inPrecision(values, [&]<typename Real>() {
    return quench::firstNonFinite(call.workspace(), values.as<Real>(), values.length);
  });
  napi_value result = nullptr;
  check(napi_create_double(call.env(), found == values.length ? -1.0 : static_cast<double>(found), &result));
  return result;
}

napi_value halfToFloat(Call& call) {
  requireArguments(call, 2, "(out, input)");
  const TypedArray out = call.typedArray(0, napi_float32_array, {"out"});
  const TypedArray input = call.typedArray(1, napi_uint16_array, {"input"});
  requireLength(input, out.length, {"input"}, "the length of out");
  requireApart(out, input, false, {"input"});
  call.instance().count(Operation::halfToFloat);
  quench::halfToFloat(call.workspace(), out.as<float>(), input.as<std::uint16_t>(), out.length);
  return nullptr;
}

napi_value floatToHalf(Call& call) {
  requireArguments(call, 2, "(out, input)");
  const TypedArray out = call.typedArray(0, napi_uint16_array, {"out"});
  const TypedArray input = call.typedArray(1, napi_float32_array, {"input"});
  requireLength(input, out.length, {"input"}, "the length of out");
  requireApart(out, input, false, {"input"});
  call.instance().count(Operation::floatToHalf);
  quench::floatToHalf(call.workspace(), out.as<std::uint16_t>(), input.as<float>(), out.length);
  return nullptr;
}

}  // namespace quench::binding
