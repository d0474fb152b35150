#include "call.h"

#include <napi.h>

#include <cmath>
#include <exception>
#include <new>

namespace quench::binding {
namespace {

std::string_view typeName(napi_typedarray_type type) {
  switch (type) {
    case napi_int8_array: return "Int8Array";
    case napi_uint8_array: return "Uint8Array";
    case napi_uint8_clamped_array: return "Uint8ClampedArray";
    case napi_int16_array: return "Int16Array";
    case napi_uint16_array: return "Uint16Array";
    case napi_int32_array: return "Int32Array";
    case napi_uint32_array: return "Uint32Array";
    case napi_float32_array: return "Float32Array";
    case napi_float64_array: return "Float64Array";
    case napi_bigint64_array: return "BigInt64Array";
    case napi_biguint64_array: return "BigUint64Array";
    default: return "another typed array";
  }
}

std::size_t elementBytes(napi_typedarray_type type) {
  switch (type) {
    case napi_int16_array:
    case napi_uint16_array: return 2;
    case napi_int32_array:
    case napi_uint32_array:
    case napi_float32_array: return 4;
    case napi_float64_array:
    case napi_bigint64_array:
    case napi_biguint64_array: return 8;
    default: return 1;
  }
}

std::string numberText(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) return std::to_string(static_cast<long long>(value));
  return std::to_string(value);
}

}  // namespace

void typeError(std::string message) { throw ArgumentError{ArgumentError::Kind::type, std::move(message)}; }
void rangeError(std::string message) { throw ArgumentError{ArgumentError::Kind::range, std::move(message)}; }
void overlapError(std::string message) { throw ArgumentError{ArgumentError::Kind::overlap, std::move(message)}; }

void check(napi_status status) {
  if (status != napi_ok) throw Refused{};
}

std::string Label::string() const {
  std::string label(text);
  if (index >= 0) label.append("[").append(std::to_string(index)).append("]");
  return label.append(part);
}

std::size_t TypedArray::bytes() const { return length * elementBytes(type); }

Call::Call(napi_env env, napi_callback_info info) : env_(env) {
  void* data = nullptr;
  check(napi_get_cb_info(env, info, &size_, arguments_.data(), nullptr, &data));
  instance_ = static_cast<Instance*>(data);
  if (size_ > capacity) rangeError("Expected at most " + std::to_string(capacity) + " arguments");
}

napi_valuetype Call::typeOf(std::size_t index) const {
  napi_valuetype type = napi_undefined;
  check(napi_typeof(env_, at(index), &type));
  return type;
}

double Call::number(std::size_t index, Label label) const {
  double value = 0;
  const napi_status status = napi_get_value_double(env_, at(index), &value);
  if (status == napi_number_expected) typeError("Expected a number for " + label.string());
  check(status);
  return value;
}

std::uint64_t Call::integer(std::size_t index, std::uint64_t low, std::uint64_t high, Label label) const {
  const double value = number(index, label);
  if (!(value >= static_cast<double>(low) && value <= static_cast<double>(high)) || value != std::floor(value)) {
    rangeError("Expected an integer from " + std::to_string(low) + " to " + std::to_string(high) + " for " +
               label.string() + " but received " + numberText(value));
  }
  return static_cast<std::uint64_t>(value);
}

std::string Call::text(std::size_t index, Label label) const {
  std::size_t length = 0;
  const napi_status status = napi_get_value_string_utf8(env_, at(index), nullptr, 0, &length);
  if (status == napi_string_expected) typeError("Expected a string for " + label.string());
  check(status);
  std::string value(length, '\0');
  check(napi_get_value_string_utf8(env_, at(index), value.data(), length + 1, &length));
  return value;
}

bool Call::read(std::size_t index, TypedArray& array) const {
  const napi_status status =
      napi_get_typedarray_info(env_, at(index), &array.type, &array.length, &array.data, nullptr, nullptr);
  if (status == napi_invalid_arg) return false;
  check(status);
  return true;
}

TypedArray Call::vector(std::size_t index, Label label) const {
  TypedArray array{};
  if (!read(index, array)) typeError("Expected a Float32Array or Float64Array for " + label.string());
  if (!array.isVector()) {
    typeError("Expected a Float32Array or Float64Array for " + label.string() + " but received a " +
              std::string(typeName(array.type)));
  }
  return array;
}

TypedArray Call::typedArray(std::size_t index, napi_typedarray_type type, Label label) const {
  TypedArray array{};
  if (!read(index, array)) typeError("Expected a " + std::string(typeName(type)) + " for " + label.string());
  if (array.type != type) {
    typeError("Expected a " + std::string(typeName(type)) + " for " + label.string() + " but received a " +
              std::string(typeName(array.type)));
  }
  return array;
}

void requireLike(const TypedArray& array, const TypedArray& model, Label label, Label modelLabel) {
  if (array.type != model.type) {
    typeError("Expected a " + std::string(typeName(model.type)) + " for " + label.string() + ", as " +
              modelLabel.string() + " is one, but received a " + std::string(typeName(array.type)));
  }
  requireLength(array, model.length, label, "the length of " + modelLabel.string());
}

void requireLength(const TypedArray& array, std::size_t length, Label label, std::string_view reason) {
  if (array.length == length) return;
  rangeError("Expected length " + std::to_string(length) + " (" + std::string(reason) + ") for " + label.string() +
             " but received " + std::to_string(array.length));
}

std::size_t rowSize(const TypedArray& array, std::size_t rows, Label label) {
  if (array.length % rows != 0) {
    rangeError("Expected the length of " + label.string() + " to be a multiple of " + std::to_string(rows) +
               " rows but received " + std::to_string(array.length));
  }
  return array.length / rows;
}

void requireApart(const TypedArray& out, const TypedArray& input, bool sameAllowed, Label label) {
  const auto* outBegin = static_cast<const unsigned char*>(out.data);
  const auto* inputBegin = static_cast<const unsigned char*>(input.data);
  if (outBegin >= inputBegin + input.bytes() || inputBegin >= outBegin + out.bytes()) return;
  if (sameAllowed && outBegin == inputBegin && out.bytes() == input.bytes()) return;
  overlapError("out and " + label.string() + " overlap in memory" +
               (sameAllowed ? " without being the same array" : ""));
}

void raise(napi_env env) {
  try {
    throw;
  } catch (const ArgumentError& error) {
    switch (error.kind) {
      case ArgumentError::Kind::type: napi_throw_type_error(env, "QUENCH_ARGUMENT_TYPE", error.message.c_str()); return;
      case ArgumentError::Kind::range:
        napi_throw_range_error(env, "QUENCH_ARGUMENT_RANGE", error.message.c_str());
        return;
      case ArgumentError::Kind::overlap: napi_throw_range_error(env, "QUENCH_OVERLAP", error.message.c_str()); return;
    }
  } catch (const Refused&) {
    bool pending = false;
    if (napi_is_exception_pending(env, &pending) == napi_ok && !pending) {
      napi_throw_error(env, "QUENCH_NODE_API", "Node-API refused a call");
    }
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
  } catch (const std::bad_alloc&) {
    napi_throw_error(env, "QUENCH_MEMORY", "Out of memory for the native addon's scratch space");
  } catch (const std::exception& error) {
    napi_throw_error(env, "QUENCH_INTERNAL", error.what());
  } catch (...) {
    napi_throw_error(env, "QUENCH_INTERNAL", "Unknown failure in the native addon");
  }
}

}  // namespace quench::binding
