#include "../operations/gram.h"

#include "basis.h"
#include "functions.h"

namespace quench::binding {

napi_value gram(Call& call) {
  constexpr std::size_t firstElement = 3;
  if (call.size() < firstElement + 2 || call.size() > firstElement + 2 * maximumBasis ||
      (call.size() - firstElement) % 2 != 0) {
    rangeError("Expected a basis of 1 to 6 elements");
  }
  const TypedArray out = call.typedArray(0, napi_float64_array, {"out"});
  const Basis asked(call, 1, firstElement, (call.size() - firstElement) / 2);
  requireLength(out, asked.rows * asked.count * (asked.count + 1) / 2, {"out"}, "rows * K (K + 1) / 2");
  inPrecision(asked.model, [&]<typename Real>() {
    BasisElement<Real> basis[maximumBasis];
    asked.read(call, basis,
               [&](const TypedArray& vector, const Label& label) { requireApart(out, vector, false, label); });
    call.instance().count(Operation::gram);
    quench::gram(call.workspace(), out.as<double>(), basis, asked.count, asked.rows, asked.size, asked.accumulate);
  });
  return nullptr;
}

}  // namespace quench::binding
