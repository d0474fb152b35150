#include "../operations/gram.h"

#include "../operations/gram_column.h"
#include "functions.h"
#include "in_turn.h"

namespace quench::binding {
namespace {

/// out, rows, blocked, and behind them a minuend and a subtrahend for every basis element.
struct Asked {
  Asked(const Call& call, std::size_t firstElement, std::size_t elements) : first(firstElement), count(elements) {
    out = call.typedArray(0, napi_float64_array, {"out"});
    rows = call.integer(1, 1, UINT32_MAX, {"rows"});
    const bool blocked = call.integer(2, 0, 1, {"accumulate"}) == 1;
    accumulate = blocked ? Accumulate::blocked : Accumulate::float64;
    model = call.vector(first, {"basis[0]"});
    size = rowSize(model, rows, {"basis[0]"});
    if (blocked && model.type == napi_float64_array) {
      typeError("Expected Float32Array vectors for accumulate \"blocked\" but received Float64Array");
    }
  }

  template <typename Real>
  void read(const Call& call, BasisElement<Real>* basis) const {
    for (std::size_t k = 0; k < count; ++k) {
      const Label label{"basis", static_cast<int>(k)};
      basis[k] = {vector<Real>(call, first + 2 * k, label), nullptr};
      if (call.isUndefined(first + 2 * k + 1)) continue;
      basis[k].subtrahend = vector<Real>(call, first + 2 * k + 1, label);
    }
  }

  template <typename Real>
  const Real* vector(const Call& call, std::size_t at, const Label& label) const {
    const TypedArray array = call.vector(at, label);
    requireLike(array, model, label, {"basis[0]"});
    requireApart(out, array, false, label);
    return array.as<Real>();
  }

  std::size_t first;
  std::size_t count;
  std::size_t rows;
  std::size_t size;
  Accumulate accumulate;
  TypedArray out;
  TypedArray model;
};

/// What the combinations write is an array of the basis or lies apart from it; the sums lie apart from all that they read.
template <typename Real>
void requireApart(const Asked& asked, const BasisElement<Real>* basis, const InTurn<Real>& before) {
  const std::size_t length = asked.model.length;
  if (before.checked() != nullptr) {
    requireApart(asked.out, arrayOf(before.checked(), before.checkedCount() * length), false, {"checked"});
  }
  for (const Combination<Real>& one : before.combinations()) {
    const TypedArray out = arrayOf(one.out, length);
    requireApart(asked.out, out, false, {"a combination's out"});
    for (std::size_t k = 0; k < one.count; ++k) {
      const CombineTerm<Real>& term = one.terms[k];
      const Label label{"a combination's coefficient"};
      if (term.perRow != nullptr) requireApart(asked.out, arrayOf(term.perRow, one.rows), false, label);
      if (term.perElement != nullptr) requireApart(asked.out, arrayOf(term.perElement, one.size), false, label);
      requireApart(asked.out, arrayOf(term.vector, length), false, {"a combination's vector"});
    }
    for (std::size_t k = 0; k < asked.count; ++k) {
      const Label label{"basis", static_cast<int>(k)};
      requireApart(out, arrayOf(basis[k].minuend, length), true, label);
      if (basis[k].subtrahend != nullptr) requireApart(out, arrayOf(basis[k].subtrahend, length), true, label);
    }
  }
}

}  // namespace

napi_value gram(Call& call) {
  constexpr std::size_t firstElement = 3;
  if (call.size() < firstElement + 2 || call.size() > firstElement + 2 * maximumBasis ||
      (call.size() - firstElement) % 2 != 0) {
    rangeError("Expected a basis of 1 to 6 elements");
  }
  const Asked asked(call, firstElement, (call.size() - firstElement) / 2);
  requireLength(asked.out, asked.rows * asked.count * (asked.count + 1) / 2, {"out"}, "rows * K (K + 1) / 2");
  inPrecision(asked.model, [&]<typename Real>() {
    BasisElement<Real> basis[maximumBasis];
    asked.read(call, basis);
    call.instance().count(Operation::gram);
    quench::gram(call.workspace(), asked.out.as<double>(), basis, asked.count, asked.rows, asked.size,
                 asked.accumulate);
  });
  return nullptr;
}

napi_value gramColumn(Call& call) {
  constexpr std::size_t firstElement = 4;
  if (call.size() < firstElement) rangeError("Expected a basis of 1 to 6 elements");
  const std::size_t count = call.integer(3, 0, UINT32_MAX, {"elements"});
  if (count < 1 || count > maximumBasis) rangeError("Expected a basis of 1 to 6 elements");
  const std::size_t checkedAt = firstElement + 2 * count;
  if (call.size() <= checkedAt) rangeError("Expected a minuend and a subtrahend for every basis element");
  const Asked asked(call, firstElement, count);
  requireLength(asked.out, asked.rows * count, {"out"}, "rows * K");
  return inPrecision(asked.model, [&]<typename Real>() {
    BasisElement<Real> basis[maximumBasis];
    asked.read(call, basis);
    const InTurn<Real> before(call, checkedAt, asked.model, {"basis[0]"});
    requireApart(asked, basis, before);
    before.count(call.instance());
    call.instance().count(Operation::gram);
    const std::size_t bad = quench::gramColumn<Real>(call.workspace(), asked.out.as<double>(), basis, count, asked.rows,
                                                     asked.size, asked.accumulate, before.combinations(),
                                                     before.checked(), before.checkedCount());
    return before.result(call, bad);
  });
}

}  // namespace quench::binding
