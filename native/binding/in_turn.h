// Combinations as a call names them: one, or several that are done in turn.
#pragma once

#include "../operations/combine_in_turn.h"
#include "call.h"

namespace quench::binding {

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

inline void requireTerms(std::size_t terms) {
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

/// Any number of combinations, and what is to be finite before them.
template <typename Real>
class InTurn {
 public:
  /// Where nothing is checked and the combinations begin at `at` itself.
  struct Unchecked {};
  static constexpr Unchecked unchecked{};

  /// @param at where `checked` is; the combinations follow
  /// @param model what all vectors are like, and its name
  /// @param count how many they are; without it they go to the end of the call
  InTurn(Call& call, std::size_t at, const TypedArray& model, const Label& name,
         std::size_t count = maximumCombinations + 1)
      : length_(model.length), end_(at + 1) {
    readAll(call, model, name, count);
    if (!call.isUndefined(at)) readChecked(call.vector(at, {"checked"}), model, name);
  }
  InTurn(Call& call, std::size_t at, const TypedArray& model, const Label& name, Unchecked)
      : length_(model.length), end_(at) {
    readAll(call, model, name, maximumCombinations + 1);
  }

  std::span<const Combination<Real>> combinations() const { return {combinations_, count_}; }
  /// Of their arguments.
  std::size_t end() const { return end_; }
  const Real* checked() const { return checked_; }
  std::size_t checkedCount() const { return checkedCount_; }

  void count(Instance& instance) const {
    if (checked_ != nullptr) instance.count(Operation::firstNonFinite);
    for (std::size_t i = 0; i < count_; ++i) instance.count(Operation::combine);
  }

  /// What JavaScript is told of an index that an operation found.
  napi_value result(Call& call, std::size_t bad) const {
    napi_value number = nullptr;
    check(napi_create_double(call.env(), bad == checkedCount_ * length_ ? -1 : static_cast<double>(bad), &number));
    return number;
  }

 private:
  void readAll(Call& call, const TypedArray& model, const Label& name, std::size_t count) {
    for (; end_ < call.size() && count_ < count; ++count_) end_ = readNext(call, end_, model, name);
    for (std::size_t i = 0; i < count_; ++i) {
      for (std::size_t j = 0; j < count_; ++j) {
        if (i != j) requireApart(combinations_[i], combinations_[j]);
      }
    }
  }

  std::size_t readNext(Call& call, std::size_t at, const TypedArray& model, const Label& name) {
    if (count_ == maximumCombinations) rangeError("Expected at most 8 combinations");
    if (at + 4 > call.size()) rangeError("Expected out, rows, mask and number of terms for every combination");
    const std::size_t size = call.integer(at + 3, 0, maximumTerms, {"terms"});
    requireTerms(size);
    const Place place{at, at + 4, size};
    if (place.firstTerm + 2 * size > call.size()) rangeError("Expected a coefficient and a vector for every term");
    const TypedArray out = call.vector(place.out, {"out"});
    requireLike(out, model, {"out"}, name);
    combinations_[count_] = read(call, place, out, terms_[count_]);
    return place.firstTerm + 2 * size;
  }

  void readChecked(const TypedArray& array, const TypedArray& model, const Label& name) {
    if (array.type != model.type) typeError("Expected checked to be of the type of " + name.string());
    if (length_ > 0 && (array.length == 0 || array.length % length_ != 0)) {
      rangeError("Expected the length of checked to be a multiple of that of " + name.string() + ", " +
                 std::to_string(length_) + ", but received " + std::to_string(array.length));
    }
    checkedCount_ = length_ == 0 ? 0 : array.length / length_;
    checked_ = array.as<Real>();
    for (std::size_t i = 0; i < count_; ++i) {
      requireApart(arrayOf(combinations_[i].out, length_), array, true, {"checked"});
    }
  }

  std::size_t length_;
  std::size_t end_;
  Combination<Real> combinations_[maximumCombinations];
  CombineTerm<Real> terms_[maximumCombinations][maximumTerms];
  std::size_t count_ = 0;
  const Real* checked_ = nullptr;
  std::size_t checkedCount_ = 0;
};

}  // namespace quench::binding
