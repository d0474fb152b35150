// One call from JavaScript: its arguments, read with checks, and the errors that the checks raise.
//
// Raw Node-API here, where every call passes, rather than node-addon-api, which the entry and the searches use: six
// typed arrays are read in 0.5 us instead of 1.3 us, and every status is looked at, so a worker that is being
// terminated unwinds quietly.
#pragma once

#include <node_api.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "instance.h"

namespace quench::binding {

/// Becomes a JavaScript TypeError or RangeError with a `code` property.
struct ArgumentError {
  enum class Kind { type, range, overlap };
  Kind kind;
  std::string message;
};

[[noreturn]] void typeError(std::string message);
[[noreturn]] void rangeError(std::string message);
[[noreturn]] void overlapError(std::string message);

/// Node-API refused: an exception is pending or the environment is going away. Nothing is left to say.
struct Refused {};

void check(napi_status status);

/// What a message calls an argument: "terms[2].vector", made only when it is needed.
struct Label {
  std::string_view text;
  int index = -1;
  std::string_view part = {};

  std::string string() const;
};

struct TypedArray {
  napi_typedarray_type type;
  std::size_t length;
  void* data;

  bool isVector() const { return type == napi_float32_array || type == napi_float64_array; }
  std::size_t bytes() const;
  template <typename Value>
  Value* as() const {
    return static_cast<Value*>(data);
  }
};

class Call {
 public:
  Call(napi_env env, napi_callback_info info);

  napi_env env() const { return env_; }
  Instance& instance() const { return *instance_; }
  Workspace& workspace() const { return instance_->workspace; }
  std::size_t size() const { return size_; }
  napi_value at(std::size_t index) const { return arguments_[index]; }

  bool isNumber(std::size_t index) const { return typeOf(index) == napi_number; }
  bool isUndefined(std::size_t index) const { return typeOf(index) == napi_undefined; }
  double number(std::size_t index, Label label) const;
  /// An integer in [low, high], both at most 2^53 - 1.
  std::uint64_t integer(std::size_t index, std::uint64_t low, std::uint64_t high, Label label) const;
  std::string text(std::size_t index, Label label) const;
  /// Float32Array or Float64Array.
  TypedArray vector(std::size_t index, Label label) const;
  TypedArray typedArray(std::size_t index, napi_typedarray_type type, Label label) const;

 private:
  napi_valuetype typeOf(std::size_t index) const;
  bool read(std::size_t index, TypedArray& array) const;

  static constexpr std::size_t capacity = 96;
  napi_env env_;
  Instance* instance_;
  std::size_t size_ = capacity;
  std::array<napi_value, capacity> arguments_;
};

/// run.operator()<Real>() for the type of a vector's elements.
template <typename Run>
decltype(auto) inPrecision(const TypedArray& vector, const Run& run) {
  return vector.type == napi_float32_array ? run.template operator()<float>() : run.template operator()<double>();
}

/// `array` must have the type and the length of `model`.
void requireLike(const TypedArray& array, const TypedArray& model, Label label, Label modelLabel);
void requireLength(const TypedArray& array, std::size_t length, Label label, std::string_view reason);
/// The elements of one row; the length must be divisible.
std::size_t rowSize(const TypedArray& array, std::size_t rows, Label label);
/// An output may be the very same array as an input where `sameAllowed`; it may not overlap it otherwise.
void requireApart(const TypedArray& out, const TypedArray& input, bool sameAllowed, Label label);

/// The JavaScript function that runs `function`, with C++ exceptions turned into JavaScript ones.
using Function = napi_value (*)(Call& call);
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

}  // namespace quench::binding
