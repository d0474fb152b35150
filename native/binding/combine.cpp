#include "../operations/combine_in_turn.h"

#include "functions.h"
#include "in_turn.h"

namespace quench::binding {
namespace {

template <typename Real>
void run(Call& call, const Place& place, const TypedArray& out) {
  CombineTerm<Real> terms[maximumTerms];
  const Combination<Real> one = read(call, place, out, terms);
  call.instance().count(Operation::combine);
  quench::combine(call.workspace(), one.out, terms, one.count, one.rows, one.size);
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
  return inPrecision(first, [&]<typename Real>() {
    const InTurn<Real> asked(call, 0, first, {"the first out"});
    asked.count(call.instance());
    const std::size_t bad =
        combineInTurn<Real>(call.workspace(), asked.combinations(), asked.checked(), asked.checkedCount());
    return asked.result(call, bad);
  });
}

}  // namespace quench::binding
