// One call from JavaScript: its arguments and the device it works on. lib/device checks arguments with names and
// expectations; what is checked here is what would otherwise read or write beyond an array.
#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../device.h"

namespace quench::cuda::binding {

/// A caller's mistake that lib/device should have found.
struct ArgumentError {
  std::string message;
};

/// Node-API refused: an exception is pending or the environment is going away.
struct Refused {};

void check(napi_status status);

/// What one environment (main thread or worker) owns.
struct Instance {
  std::shared_ptr<Device> device;
};

/// An allocation on the card; JavaScript holds it as an external value.
struct Memory {
  std::shared_ptr<Device> device;
  std::byte* data;
  std::size_t bytes;

  void release() noexcept;
};

struct TypedArray {
  napi_typedarray_type type;
  std::size_t length;
  std::size_t bytes;
  void* data;
};

class Call {
 public:
  Call(napi_env env, napi_callback_info info);

  napi_env env() const { return env_; }
  Instance& instance() const { return *instance_; }
  const std::shared_ptr<Device>& device() const;
  std::size_t size() const { return arguments_.size(); }
  napi_value at(std::size_t index) const;

  bool isUndefined(std::size_t index) const { return typeOf(index) == napi_undefined; }
  bool isNumber(std::size_t index) const { return typeOf(index) == napi_number; }
  bool isExternal(std::size_t index) const { return typeOf(index) == napi_external; }
  double number(std::size_t index) const;
  /// A non-negative integer up to 2^53 - 1.
  std::uint64_t integer(std::size_t index) const;
  TypedArray typedArray(std::size_t index) const;
  TypedArray typedArray(std::size_t index, napi_typedarray_type type, std::size_t length) const;
  Memory& memory(std::size_t index) const;
  /// The elements of an array, as if they were the arguments of a call.
  Call list(std::size_t index) const;

  /// Arguments `index` and `index + 1`, memory and the first element, as `length` values on the card.
  template <typename Value>
  Value* vector(std::size_t index, std::size_t length) const {
    return static_cast<Value*>(range(index, length, sizeof(Value)));
  }

 private:
  explicit Call(const Call& owner, std::vector<napi_value> elements);
  napi_valuetype typeOf(std::size_t index) const;
  void* range(std::size_t index, std::size_t length, std::size_t size) const;

  static constexpr std::size_t capacity = 40;
  napi_env env_;
  Instance* instance_ = nullptr;
  std::vector<napi_value> arguments_;
};

/// `bytes` on the card as a JavaScript value; freed with it, or before by free().
napi_value makeMemory(napi_env env, const std::shared_ptr<Device>& device, std::size_t bytes);

using Function = napi_value (*)(Call& call);
/// Turns the C++ exception under way into a JavaScript one.
void raise(napi_env env);

template <Function function>
napi_value entry(napi_env env, napi_callback_info info) {
  try {
    Call call(env, info);
    return function(call);
  } catch (...) {
    raise(env);
    return nullptr;
  }
}

}  // namespace quench::cuda::binding
