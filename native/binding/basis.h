// Basis elements as a call names them: a minuend each, and a subtrahend or undefined.
#pragma once

#include "../operations/gram.h"
#include "call.h"

namespace quench::binding {

struct Basis {
  /// @param at where rows is, and whether sums are blocked behind it
  /// @param elements of which the first begins at `firstElement`
  Basis(const Call& call, std::size_t at, std::size_t firstElement, std::size_t elements)
      : first(firstElement), count(elements) {
    rows = call.integer(at, 1, UINT32_MAX, {"rows"});
    const bool blocked = call.integer(at + 1, 0, 1, {"accumulate"}) == 1;
    accumulate = blocked ? Accumulate::blocked : Accumulate::float64;
    model = call.vector(first, {"basis[0]"});
    size = rowSize(model, rows, {"basis[0]"});
    if (blocked && model.type == napi_float64_array) {
      typeError("Expected Float32Array vectors for accumulate \"blocked\" but received Float64Array");
    }
  }

  /// @param apart told of every vector and its name
  template <typename Real, typename Apart>
  void read(const Call& call, BasisElement<Real>* basis, const Apart& apart) const {
    const auto vector = [&](std::size_t at, const Label& label) {
      const TypedArray array = call.vector(at, label);
      requireLike(array, model, label, {"basis[0]"});
      apart(array, label);
      return array.as<const Real>();
    };
    for (std::size_t k = 0; k < count; ++k) {
      const Label label{"basis", static_cast<int>(k)};
      basis[k] = {vector(first + 2 * k, label), nullptr};
      if (call.isUndefined(first + 2 * k + 1)) continue;
      basis[k].subtrahend = vector(first + 2 * k + 1, label);
    }
  }

  std::size_t first;
  std::size_t count;
  std::size_t rows;
  std::size_t size;
  Accumulate accumulate;
  TypedArray model;
};

}  // namespace quench::binding
