#include "../limits/limits.h"

#include "../kernels/streaming_store.h"

#include "functions.h"

namespace quench::binding {
namespace {

constexpr std::size_t firstInput = 2;

}  // namespace

napi_value memoryLimit(Call& call) {
  if (call.size() <= firstInput || call.size() > firstInput + maximumLimitInputs) rangeError("Expected 1 to 6 inputs");
  const auto limit =
      static_cast<Limit>(call.integer(0, 0, static_cast<std::uint64_t>(Limit::wideStreamedTriad), {"limit"}));
  const TypedArray out = call.vector(1, {"out"});
  const std::size_t count = call.size() - firstInput;
  if (limit >= Limit::triad && count != 2) rangeError("Expected 2 inputs for a triad");
  if (reinterpret_cast<std::uintptr_t>(out.data) % cacheLine != 0) rangeError("Expected out at a multiple of 64 bytes");
  const void* inputs[maximumLimitInputs];
  for (std::size_t k = 0; k < count; ++k) {
    const Label label{"inputs", static_cast<int>(k)};
    const TypedArray input = call.vector(firstInput + k, label);
    requireLike(input, out, label, {"out"});
    requireApart(out, input, false, label);
    inputs[k] = input.data;
  }
  runLimit(call.workspace(), limit, out.data, inputs, count, out.bytes());
  return nullptr;
}

}  // namespace quench::binding
