#include "../operations/correct_in_turn.h"
#include "../reduced_entropy/rounding.h"
#include "basis.h"
#include "functions.h"
#include "in_turn.h"

namespace quench::binding {
namespace {

using reduced_entropy::Decision;
using reduced_entropy::Formula;

/// Arguments of a decision: formula, constants, kept, coefficients and measured.
constexpr std::size_t decisionArguments = 5;

TypedArray numbers(const Call& call, std::size_t at, std::size_t length, const Label& label) {
  const TypedArray array = call.typedArray(at, napi_float64_array, label);
  requireLength(array, length, label, "what the formula has");
  return array;
}

Decision readDecision(const Call& call, std::size_t at, std::size_t rows) {
  const Formula* formula = reduced_entropy::formulaAt(call.integer(at, 0, UINT32_MAX, {"formula"}));
  if (formula == nullptr) rangeError("Expected the number of a formula");
  const TypedArray constants = numbers(call, at + 1, formula->constants, {"constants"});
  const TypedArray written[]{numbers(call, at + 2, rows * formula->kept, {"kept"}),
                             numbers(call, at + 3, rows * formula->coefficients, {"coefficients"}),
                             numbers(call, at + 4, rows * formula->measured, {"measured"})};
  for (std::size_t i = 0; i < 3; ++i) {
    requireApart(written[i], constants, false, {"constants"});
    for (std::size_t k = 0; k < i; ++k)
      requireApart(written[i], written[k], false, {"another of the decision's arrays"});
  }
  return {
      formula, rows, constants.as<double>(), written[0].as<double>(), written[1].as<double>(), written[2].as<double>()};
}

/// What a decision writes lies apart from a vector.
void requireApart(const Decision& decision, const TypedArray& vector, const Label& label) {
  const auto& [formula, rows, constants, kept, coefficients, measured] = decision;
  requireApart(arrayOf(kept, rows * formula->kept), vector, false, label);
  requireApart(arrayOf(coefficients, rows * formula->coefficients), vector, false, label);
  requireApart(arrayOf(measured, rows * formula->measured), vector, false, label);
}

template <typename Real>
void requireApart(const Decision& decision, const InTurn<Real>& combinations, std::size_t length) {
  const Label label{"a combination's vector"};
  for (const Combination<Real>& one : combinations.combinations()) {
    requireApart(decision, arrayOf(one.out, length), label);
    for (std::size_t k = 0; k < one.count; ++k) requireApart(decision, arrayOf(one.terms[k].vector, length), label);
  }
  if (combinations.checked() == nullptr) return;
  requireApart(decision, arrayOf(combinations.checked(), combinations.checkedCount() * length), {"checked"});
}

/// What a combination before the inner products writes is an array of the basis or lies apart from it.
template <typename Real>
void requireApart(const InTurn<Real>& before, const TypedArray& basisVector, const Label& label) {
  for (const Combination<Real>& one : before.combinations()) {
    requireApart(arrayOf(one.out, one.rows * one.size), basisVector, true, label);
  }
}

struct Asked {
  std::size_t elements;
  /// Where rows is, and behind it whether sums are blocked.
  static constexpr std::size_t rowsAt = 0;
  static constexpr std::size_t firstElement = 3;
  std::size_t decisionsAt;
  std::size_t decisionCount;
  /// How many combinations come before, what is checked, and they.
  std::size_t beforeAt;

  explicit Asked(const Call& call) {
    if (call.size() < firstElement) rangeError("Expected rows, accumulate and the number of basis elements");
    elements = call.integer(2, 0, maximumBasis, {"elements"});
    decisionsAt = firstElement + 2 * elements;
    if (call.size() <= decisionsAt) rangeError("Expected a minuend and a subtrahend for every basis element");
    decisionCount = call.integer(decisionsAt, 1, maximumDecisions, {"decisions"});
    beforeAt = decisionsAt + 1 + decisionArguments * decisionCount;
    if (call.size() < beforeAt + 2) rangeError("Expected decisions, and what comes before them");
  }
};

template <typename Real>
napi_value run(Call& call, const Asked& asked, const TypedArray& model, const Label& name) {
  const std::size_t length = model.length;
  const std::size_t beforeCount = call.integer(asked.beforeAt, 0, maximumCombinations, {"before"});
  const InTurn<Real> before(call, asked.beforeAt + 1, model, name, beforeCount);
  if (before.combinations().size() != beforeCount) rangeError("Expected as many combinations before as are named");
  const InTurn<Real> after(call, before.end(), model, name, InTurn<Real>::unchecked);

  Correction<Real> correction{};
  correction.rows = call.integer(Asked::rowsAt, 1, UINT32_MAX, {"rows"});
  correction.size = rowSize(model, correction.rows, name);
  Decision decisions[maximumDecisions];
  for (std::size_t i = 0; i < asked.decisionCount; ++i) {
    decisions[i] = readDecision(call, asked.decisionsAt + 1 + decisionArguments * i, correction.rows);
    const std::size_t products = decisions[i].formula->products;
    if (products != 0 && products != asked.elements + 1)
      rangeError("Expected as many basis elements as the formula has");
    requireApart(decisions[i], before, length);
    requireApart(decisions[i], after, length);
  }
  BasisElement<Real> basis[maximumBasis];
  if (asked.elements > 0) {
    const Basis read(call, Asked::rowsAt, Asked::firstElement, asked.elements);
    correction.accumulate = read.accumulate;
    read.read(call, basis, [&](const TypedArray& vector, const Label& label) {
      requireApart(before, vector, label);
      for (std::size_t i = 0; i < asked.decisionCount; ++i) requireApart(decisions[i], vector, label);
    });
    call.instance().count(Operation::gram);
  }
  before.count(call.instance());
  after.count(call.instance());
  correction.before = before.combinations();
  correction.checked = before.checked();
  correction.checkedCount = before.checkedCount();
  correction.basis = {basis, asked.elements};
  correction.decisions = {decisions, asked.decisionCount};
  correction.after = after.combinations();
  return before.result(call, quench::correctInTurn(call.workspace(), correction));
}

}  // namespace

napi_value correctInTurn(Call& call) {
  const Asked asked(call);
  // Without a basis the first combination says what vectors are like.
  const std::size_t modelAt = asked.elements > 0 ? Asked::firstElement : asked.beforeAt + 2;
  if (call.size() <= modelAt) rangeError("Expected a basis or a combination");
  const Label name{asked.elements > 0 ? "basis[0]" : "the first out"};
  const TypedArray model = call.vector(modelAt, name);
  return inPrecision(model, [&]<typename Real>() { return run<Real>(call, asked, model, name); });
}

napi_value decide(Call& call) {
  constexpr std::size_t decisionAt = 2;
  if (call.size() != decisionAt + decisionArguments) rangeError("Expected rows, products and a decision");
  const std::size_t rows = call.integer(0, 1, UINT32_MAX, {"rows"});
  const Decision decision = readDecision(call, decisionAt, rows);
  const TypedArray products = call.typedArray(1, napi_float64_array, {"products"});
  if (decision.formula->products > 0) {
    requireLength(products, rows * decision.formula->products, {"products"}, "what the formula has");
  }
  requireApart(decision, products, {"products"});
  decision.formula->run(decision, products.as<double>(), 0, rows);
  return nullptr;
}

napi_value roundTogether(Call& call) {
  if (call.size() != 3) rangeError("Expected coefficients, alpha and sigma");
  const TypedArray coefficients = call.typedArray(0, napi_float64_array, {"coefficients"});
  if (coefficients.length < 2) rangeError("Expected a coefficient of x and some of predictions");
  reduced_entropy::roundTogether({call.number(1, {"alpha"}), call.number(2, {"sigma"}), 1}, coefficients.as<double>(),
                                 coefficients.length);
  return nullptr;
}

}  // namespace quench::binding
