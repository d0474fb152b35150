#include "../kernels/torch_normals.h"

#include "../operations/elementwise.h"
#include "functions.h"

namespace quench::binding {
namespace {

constexpr std::size_t stateWords = sizeof(TorchGenerator) / sizeof(std::uint32_t);

struct Generators {
  TorchGenerator* first;
  std::size_t count;
};

Generators generatorsAt(const Call& call, std::size_t index) {
  const Label label{"generators"};
  const TypedArray array = call.typedArray(index, napi_uint32_array, label);
  if (array.length == 0 || array.length % stateWords != 0) {
    rangeError("Expected the length of generators to be a positive multiple of " + std::to_string(stateWords) +
               " but received " + std::to_string(array.length));
  }
  return {array.as<TorchGenerator>(), array.length / stateWords};
}

}  // namespace

napi_value seedTorchGenerators(Call& call) {
  if (call.size() != 2) typeError("Expected the arguments (generators, seeds)");
  const Generators generators = generatorsAt(call, 0);
  const TypedArray seeds = call.typedArray(1, napi_biguint64_array, {"seeds"});
  requireLength(seeds, generators.count, {"seeds"}, "one per generator");
  for (std::size_t row = 0; row < generators.count; ++row) {
    seed(generators.first[row], static_cast<std::uint32_t>(seeds.as<std::uint64_t>()[row]));
  }
  return nullptr;
}

napi_value torchNormals(Call& call) {
  if (call.size() != 2) typeError("Expected the arguments (out, generators)");
  const TypedArray out = call.typedArray(0, napi_float32_array, {"out"});
  const Generators generators = generatorsAt(call, 1);
  const std::size_t size = rowSize(out, generators.count, {"out"});
  requireApart(out, call.typedArray(1, napi_uint32_array, {"generators"}), false, {"generators"});
  call.instance().count(Operation::torchNormals);
  quench::torchNormals(call.workspace(), out.as<float>(), generators.first, generators.count, size);
  return nullptr;
}

}  // namespace quench::binding
