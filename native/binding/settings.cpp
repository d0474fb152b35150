// How an instance works and what it has done: threads, instruction set, counters.
#include <algorithm>

#include "functions.h"

namespace quench::binding {
namespace {

constexpr std::uint64_t maximumThreads = 256;

napi_value text(napi_env env, std::string_view value) {
  napi_value result = nullptr;
  check(napi_create_string_utf8(env, value.data(), value.size(), &result));
  return result;
}

napi_value number(napi_env env, double value) {
  napi_value result = nullptr;
  check(napi_create_double(env, value, &result));
  return result;
}

void set(napi_env env, napi_value object, std::string_view key, napi_value value) {
  check(napi_set_property(env, object, text(env, key), value));
}

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "gcc " __VERSION__;
#else
  return "unknown";
#endif
}

}  // namespace

napi_value setThreads(Call& call) {
  if (call.size() != 1) typeError("Expected the argument (n)");
  call.workspace().threads.resize(call.integer(0, 1, maximumThreads, {"n"}));
  return nullptr;
}

napi_value setInstructionSet(Call& call) {
  if (call.size() != 1) typeError("Expected the argument (name)");
  const std::string wanted = call.text(0, {"name"});
  const std::vector<InstructionSet> sets = supportedInstructionSets();
  if (wanted == "auto") {
    call.workspace().instructionSet = sets.back();
    return nullptr;
  }
  std::string known = "auto";
  for (const InstructionSet set : sets) {
    if (name(set) == wanted) {
      call.workspace().instructionSet = set;
      return nullptr;
    }
    known += ", " + std::string(name(set));
  }
  rangeError("Expected one of " + known + " (what this build and processor have) for name but received " + wanted);
}

napi_value setStreamingBytes(Call& call) {
  if (call.size() != 1) typeError("Expected the argument (bytes)");
  call.workspace().streamingBytes = call.integer(0, 0, (std::uint64_t{1} << 53) - 1, {"bytes"});
  return nullptr;
}

napi_value info(Call& call) {
  const napi_env env = call.env();
  napi_value sets = nullptr;
  check(napi_create_array(env, &sets));
  std::uint32_t index = 0;
  for (const InstructionSet set : supportedInstructionSets())
    check(napi_set_element(env, sets, index++, text(env, name(set))));
  napi_value result = nullptr;
  check(napi_create_object(env, &result));
  set(env, result, "instructionSets", sets);
  set(env, result, "instructionSet", text(env, name(call.workspace().instructionSet)));
  set(env, result, "threads", number(env, static_cast<double>(call.workspace().threads.size())));
  set(env, result, "streamingBytes", number(env, static_cast<double>(call.workspace().streamingBytes)));
  set(env, result, "compiler", text(env, compiler()));
  set(env, result, "version", text(env, QUENCH_VERSION));
  return result;
}

napi_value callCounts(Call& call) {
  const napi_env env = call.env();
  napi_value result = nullptr;
  check(napi_create_object(env, &result));
  const Instance& instance = call.instance();
  for (std::size_t operation = 0; operation < operationNames.size(); ++operation) {
    set(env, result, operationNames[operation], number(env, static_cast<double>(instance.calls[operation])));
  }
  return result;
}

napi_value resetCallCounts(Call& call) {
  call.instance().calls.fill(0);
  return nullptr;
}

}  // namespace quench::binding
