// The addon's entry: a table of functions for each environment that loads it, and nothing else.
#include <memory>

#include "functions.h"

namespace {

using quench::binding::Instance;

void destroy(napi_env, void* data, void*) { delete static_cast<Instance*>(data); }

}  // namespace

NAPI_MODULE_INIT() {
  namespace binding = quench::binding;
  struct Entry {
    const char* name;
    napi_callback callback;
  };
  static constexpr Entry table[] = {
      {"combine", binding::entry<binding::combine>},
      {"gram", binding::entry<binding::gram>},
      {"normals", binding::entry<binding::normals>},
      {"seedTorchGenerators", binding::entry<binding::seedTorchGenerators>},
      {"torchNormals", binding::entry<binding::torchNormals>},
      {"clamp", binding::entry<binding::clamp>},
      {"threshold", binding::entry<binding::threshold>},
      {"absoluteQuantile", binding::entry<binding::absoluteQuantile>},
      {"firstNonFinite", binding::entry<binding::firstNonFinite>},
      {"halfToFloat", binding::entry<binding::halfToFloat>},
      {"floatToHalf", binding::entry<binding::floatToHalf>},
      {"searchSchedule", binding::entry<binding::searchSchedule>},
      {"searchScheduleNow", binding::entry<binding::searchScheduleNow>},
      {"scheduleSearchBytes", binding::entry<binding::scheduleSearchBytes>},
      {"setThreads", binding::entry<binding::setThreads>},
      {"setInstructionSet", binding::entry<binding::setInstructionSet>},
      {"setStreamingBytes", binding::entry<binding::setStreamingBytes>},
      {"info", binding::entry<binding::info>},
      {"callCounts", binding::entry<binding::callCounts>},
      {"resetCallCounts", binding::entry<binding::resetCallCounts>},
  };
  try {
    auto instance = std::make_unique<Instance>();
    for (const Entry& entry : table) {
      napi_value function = nullptr;
      binding::check(napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.callback, instance.get(), &function));
      binding::check(napi_set_named_property(env, exports, entry.name, function));
    }
    // The environment frees it, and with it the threads, when it ends.
    binding::check(napi_set_instance_data(env, instance.get(), destroy, nullptr));
    instance.release();
  } catch (...) {
    binding::raise(env);
  }
  return exports;
}
