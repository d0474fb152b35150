#include "call.h"

#include <cmath>
#include <exception>
#include <utility>

namespace quench::cuda::binding {
namespace {

constexpr napi_type_tag memoryTag{0x7175656e63682d63, 0x7564612d6d656d00};

void throwFailure(napi_env env, const Failure& failure) {
  const std::string name = cudaGetErrorName(failure.status);
  const std::string message = std::string(failure.call) + ": " + name + " (" + cudaGetErrorString(failure.status) + ")";
  // A refused allocation or launch is told once; the next call must not find it again.
  cudaGetLastError();
  napi_value text = nullptr;
  napi_value code = nullptr;
  napi_value error = nullptr;
  napi_value status = nullptr;
  check(napi_create_string_utf8(env, message.data(), message.size(), &text));
  check(napi_create_string_utf8(env, "QUENCH_CUDA", NAPI_AUTO_LENGTH, &code));
  check(napi_create_error(env, code, text, &error));
  check(napi_create_string_utf8(env, name.data(), name.size(), &status));
  check(napi_set_named_property(env, error, "status", status));
  check(napi_throw(env, error));
}

}  // namespace

void check(napi_status status) {
  if (status != napi_ok) throw Refused{};
}

void Memory::release() noexcept {
  if (data != nullptr) device->release(data);
  data = nullptr;
  bytes = 0;
}

Call::Call(napi_env env, napi_callback_info info) : env_(env), arguments_(capacity) {
  void* data = nullptr;
  std::size_t given = capacity;
  check(napi_get_cb_info(env, info, &given, arguments_.data(), nullptr, &data));
  if (given < capacity) arguments_.resize(given);
  instance_ = static_cast<Instance*>(data);
}

Call::Call(const Call& owner, std::vector<napi_value> elements)
    : env_(owner.env_), instance_(owner.instance_), arguments_(std::move(elements)) {}

Call Call::list(std::size_t index) const {
  bool isArray = false;
  check(napi_is_array(env_, at(index), &isArray));
  if (!isArray) throw ArgumentError{"Expected an array for argument " + std::to_string(index)};
  std::uint32_t length = 0;
  check(napi_get_array_length(env_, at(index), &length));
  std::vector<napi_value> elements(length);
  for (std::uint32_t k = 0; k < length; ++k) check(napi_get_element(env_, at(index), k, &elements[k]));
  return Call(*this, std::move(elements));
}

const std::shared_ptr<Device>& Call::device() const {
  if (!instance_->device) throw ArgumentError{"Expected open() before any other call"};
  return instance_->device;
}

napi_value Call::at(std::size_t index) const {
  if (index >= arguments_.size()) throw ArgumentError{"Expected more arguments"};
  return arguments_[index];
}

napi_valuetype Call::typeOf(std::size_t index) const {
  napi_valuetype type = napi_undefined;
  check(napi_typeof(env_, at(index), &type));
  return type;
}

double Call::number(std::size_t index) const {
  if (!isNumber(index)) throw ArgumentError{"Expected a number for argument " + std::to_string(index)};
  double value = 0;
  check(napi_get_value_double(env_, at(index), &value));
  return value;
}

std::uint64_t Call::integer(std::size_t index) const {
  const double value = number(index);
  if (!(value >= 0 && value <= 9007199254740991.0) || value != std::floor(value)) {
    throw ArgumentError{"Expected a non-negative integer for argument " + std::to_string(index)};
  }
  return static_cast<std::uint64_t>(value);
}

TypedArray Call::typedArray(std::size_t index) const {
  TypedArray array{};
  const napi_status status =
      napi_get_typedarray_info(env_, at(index), &array.type, &array.length, &array.data, nullptr, nullptr);
  if (status != napi_ok) throw ArgumentError{"Expected a typed array for argument " + std::to_string(index)};
  const bool wide = array.type == napi_float64_array || array.type == napi_biguint64_array;
  if (!wide && array.type != napi_float32_array) {
    throw ArgumentError{"Expected floating-point numbers or 64-bit integers for argument " + std::to_string(index)};
  }
  array.bytes = array.length * (wide ? 8 : 4);
  return array;
}

TypedArray Call::typedArray(std::size_t index, napi_typedarray_type type, std::size_t length) const {
  const TypedArray array = typedArray(index);
  if (array.type != type || array.length != length) {
    throw ArgumentError{"Expected " + std::to_string(length) + " numbers of another kind for argument " +
                        std::to_string(index)};
  }
  return array;
}

Memory& Call::memory(std::size_t index) const {
  bool tagged = false;
  if (!isExternal(index) || napi_check_object_type_tag(env_, at(index), &memoryTag, &tagged) != napi_ok || !tagged) {
    throw ArgumentError{"Expected device memory for argument " + std::to_string(index)};
  }
  void* memory = nullptr;
  check(napi_get_value_external(env_, at(index), &memory));
  return *static_cast<Memory*>(memory);
}

void* Call::range(std::size_t index, std::size_t length, std::size_t size) const {
  const Memory& memory = this->memory(index);
  const std::uint64_t first = integer(index + 1);
  const std::size_t capacityHere = memory.bytes / size;
  if (first > capacityHere || length > capacityHere - first) {
    throw ArgumentError{"Expected " + std::to_string(length) + " elements from " + std::to_string(first) +
                        " on within argument " + std::to_string(index) + ", which holds " +
                        std::to_string(capacityHere)};
  }
  return memory.data + first * size;
}

napi_value makeMemory(napi_env env, const std::shared_ptr<Device>& device, std::size_t bytes) {
  auto memory = std::make_unique<Memory>(Memory{device, nullptr, bytes});
  memory->data = static_cast<std::byte*>(device->allocate(bytes));
  const auto finalize = [](napi_env, void* data, void*) {
    auto* mine = static_cast<Memory*>(data);
    mine->release();
    delete mine;
  };
  napi_value external = nullptr;
  if (napi_create_external(env, memory.get(), finalize, nullptr, &external) != napi_ok) {
    memory->release();
    throw Refused{};
  }
  memory.release();
  check(napi_type_tag_object(env, external, &memoryTag));
  return external;
}

void raise(napi_env env) {
  try {
    try {
      throw;
    } catch (const Failure& failure) {
      throwFailure(env, failure);
    } catch (const ArgumentError& error) {
      check(napi_throw_range_error(env, "QUENCH_ARGUMENT_RANGE", error.message.c_str()));
    } catch (const std::bad_alloc&) {
      check(napi_throw_error(env, "QUENCH_MEMORY", "Out of memory in the CUDA addon"));
    }
  } catch (const Refused&) {
    bool pending = false;
    if (napi_is_exception_pending(env, &pending) == napi_ok && !pending) {
      napi_throw_error(env, "QUENCH_NODE_API", "Node-API refused a call");
    }
  } catch (...) {
    napi_throw_error(env, "QUENCH_INTERNAL", "Unknown failure in the CUDA addon");
  }
}

}  // namespace quench::cuda::binding
