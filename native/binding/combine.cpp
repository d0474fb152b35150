#include "../operations/combine.h"

#include "functions.h"

namespace quench::binding {
namespace {

constexpr std::size_t firstTerm = 3;

template <typename Real>
void run(Call& call, const TypedArray& out, std::size_t count, std::size_t rows, std::size_t size,
         std::uint64_t perElementMask) {
  CombineTerm<Real> terms[maximumTerms];
  for (std::size_t k = 0; k < count; ++k) {
    const int index = static_cast<int>(k);
    const std::size_t position = firstTerm + 2 * k;
    const TypedArray vector = call.vector(position + 1, {"terms", index, "[1]"});
    requireLike(vector, out, {"terms", index, "[1]"}, {"out"});
    requireApart(out, vector, true, {"terms", index, "[1]"});
    terms[k] = {vector.as<Real>(), 0, nullptr, nullptr};
    if ((perElementMask >> k & 1U) != 0) {
      const Label label{"terms", index, "[0].perElement"};
      const TypedArray coefficient = call.typedArray(position, out.type, label);
      requireLength(coefficient, size, label, "the elements of a row");
      requireApart(out, coefficient, false, label);
      terms[k].perElement = coefficient.as<Real>();
    } else if (call.isNumber(position)) {
      terms[k].value = call.number(position, {"terms", index, "[0]"});
    } else {
      const Label label{"terms", index, "[0]"};
      const TypedArray coefficient = call.typedArray(position, napi_float64_array, label);
      requireLength(coefficient, rows, label, "one per row");
      requireApart(out, coefficient, false, label);
      terms[k].perRow = coefficient.as<double>();
    }
  }
  call.instance().count(Operation::combine);
  quench::combine(call.workspace(), out.as<Real>(), terms, count, rows, size);
}

}  // namespace

napi_value combine(Call& call) {
  if (call.size() < firstTerm + 2 || call.size() > firstTerm + 2 * maximumTerms || (call.size() - firstTerm) % 2 != 0) {
    rangeError("Expected 1 to 8 terms, each a coefficient and a vector");
  }
  const TypedArray out = call.vector(0, {"out"});
  const std::size_t rows = call.integer(1, 1, UINT32_MAX, {"rows"});
  const std::size_t size = rowSize(out, rows, {"out"});
  const std::uint64_t perElementMask = call.integer(2, 0, 255, {"perElementMask"});
  const std::size_t count = (call.size() - firstTerm) / 2;
  if (out.type == napi_float32_array) {
    run<float>(call, out, count, rows, size, perElementMask);
  } else {
    run<double>(call, out, count, rows, size, perElementMask);
  }
  return nullptr;
}

}  // namespace quench::binding
