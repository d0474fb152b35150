#include "../operations/combine_in_turn.h"

#include "functions.h"

namespace quench::binding {
namespace {

/// Where in a call a combination's arguments are: its output, rows and mask, and the first coefficient.
struct Place {
  std::size_t out;
  std::size_t firstTerm;
  std::size_t terms;
};

template <typename Real>
Combination<Real> read(Call& call, const Place& place, const TypedArray& out, CombineTerm<Real>* terms) {
  const std::size_t rows = call.integer(place.out + 1, 1, UINT32_MAX, {"rows"});
  const std::size_t size = rowSize(out, rows, {"out"});
  const std::uint64_t perElementMask = call.integer(place.out + 2, 0, 255, {"perElementMask"});
  for (std::size_t k = 0; k < place.terms; ++k) {
    const int index = static_cast<int>(k);
    const std::size_t position = place.firstTerm + 2 * k;
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
  return {out.as<Real>(), terms, place.terms, rows, size};
}

template <typename Real>
void run(Call& call, const Place& place, const TypedArray& out) {
  CombineTerm<Real> terms[maximumTerms];
  const Combination<Real> one = read(call, place, out, terms);
  call.instance().count(Operation::combine);
  quench::combine(call.workspace(), one.out, terms, one.count, one.rows, one.size);
}

void requireTerms(std::size_t terms) {
  if (terms < 1 || terms > maximumTerms) rangeError("Expected 1 to 8 terms, each a coefficient and a vector");
}

template <typename Real>
TypedArray arrayOf(const Real* data, std::size_t length) {
  const napi_typedarray_type type = sizeof(Real) == sizeof(float) ? napi_float32_array : napi_float64_array;
  return {type, length, const_cast<Real*>(data)};
}

/// The output of `a` is an array of `b` or lies apart from it, and apart from the coefficients of `b`.
template <typename Real>
void requireApart(const Combination<Real>& a, const Combination<Real>& b) {
  const std::size_t length = a.rows * a.size;
  const TypedArray out = arrayOf(a.out, length);
  requireApart(out, arrayOf(b.out, length), true, {"another combination's out"});
  for (std::size_t k = 0; k < b.count; ++k) {
    const CombineTerm<Real>& term = b.terms[k];
    requireApart(out, arrayOf(term.vector, length), true, {"another combination's vector"});
    const Label label{"another combination's coefficient"};
    if (term.perElement != nullptr) requireApart(out, arrayOf(term.perElement, b.size), false, label);
    if (term.perRow != nullptr) requireApart(out, arrayOf(term.perRow, b.rows), false, label);
  }
}

template <typename Real>
double runInTurn(Call& call, const TypedArray& first) {
  Combination<Real> combinations[maximumCombinations];
  CombineTerm<Real> terms[maximumCombinations][maximumTerms];
  std::size_t count = 0;
  for (std::size_t at = 1; at < call.size(); ++count) {
    if (count == maximumCombinations) rangeError("Expected at most 8 combinations");
    if (at + 4 > call.size()) rangeError("Expected out, rows, mask and number of terms for every combination");
    const std::size_t size = call.integer(at + 3, 0, maximumTerms, {"terms"});
    requireTerms(size);
    const Place place{at, at + 4, size};
    at += 4 + 2 * size;
    if (at > call.size()) rangeError("Expected a coefficient and a vector for every term");
    const TypedArray out = call.vector(place.out, {"out"});
    requireLike(out, first, {"out"}, {"the first out"});
    combinations[count] = read(call, place, out, terms[count]);
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      if (i != j) requireApart(combinations[i], combinations[j]);
    }
  }
  const Real* checked = nullptr;
  std::size_t checkedCount = 0;
  if (!call.isUndefined(0)) {
    const TypedArray array = call.vector(0, {"checked"});
    if (array.type != first.type) typeError("Expected checked to be of the type of out");
    if (first.length > 0 && (array.length == 0 || array.length % first.length != 0)) {
      rangeError("Expected the length of checked to be a multiple of that of out, " + std::to_string(first.length) +
                 ", but received " + std::to_string(array.length));
    }
    checkedCount = first.length == 0 ? 0 : array.length / first.length;
    checked = array.as<Real>();
    for (std::size_t i = 0; i < count; ++i) {
      requireApart(arrayOf(combinations[i].out, first.length), array, false, {"checked"});
    }
    call.instance().count(Operation::firstNonFinite);
  }
  for (std::size_t i = 0; i < count; ++i) call.instance().count(Operation::combine);
  const std::size_t bad = combineInTurn<Real>(call.workspace(), {combinations, count}, checked, checkedCount);
  return bad == checkedCount * first.length ? -1 : static_cast<double>(bad);
}

}  // namespace

napi_value combine(Call& call) {
  constexpr std::size_t firstTerm = 3;
  if (call.size() < firstTerm || (call.size() - firstTerm) % 2 != 0) requireTerms(0);
  const Place place{0, firstTerm, (call.size() - firstTerm) / 2};
  requireTerms(place.terms);
  const TypedArray out = call.vector(0, {"out"});
  inPrecision(out, [&]<typename Real>() { run<Real>(call, place, out); });
  return nullptr;
}

napi_value combineInTurn(Call& call) {
  if (call.size() < 5) rangeError("Expected at least one combination");
  const TypedArray first = call.vector(1, {"out"});
  const double bad = inPrecision(first, [&]<typename Real>() { return runInTurn<Real>(call, first); });
  napi_value result = nullptr;
  check(napi_create_double(call.env(), bad, &result));
  return result;
}

}  // namespace quench::binding
