// The addon's entry: a table of functions for each environment that loads it, and nothing else.
#include <napi.h>

#include <memory>

#include "functions.h"

namespace {

namespace binding = quench::binding;

struct Entry {
  const char* name;
  napi_callback callback;
};

constexpr Entry table[] = {
    {"combine", binding::entry<binding::combine>},
    {"combineInTurn", binding::entry<binding::combineInTurn>},
    {"gram", binding::entry<binding::gram>},
    {"correctInTurn", binding::entry<binding::correctInTurn>},
    {"decide", binding::entry<binding::decide>},
    {"roundTogether", binding::entry<binding::roundTogether>},
    {"normals", binding::entry<binding::normals>},
    {"seedTorchGenerators", binding::entry<binding::seedTorchGenerators>},
    {"torchNormals", binding::entry<binding::torchNormals>},
    {"clamp", binding::entry<binding::clamp>},
    {"threshold", binding::entry<binding::threshold>},
    {"absoluteQuantile", binding::entry<binding::absoluteQuantile>},
    {"scaledErrors", binding::entry<binding::scaledErrors>},
    {"firstNonFinite", binding::entry<binding::firstNonFinite>},
    {"halfToFloat", binding::entry<binding::halfToFloat>},
    {"floatToHalf", binding::entry<binding::floatToHalf>},
    {"searchSchedule", binding::entry<binding::searchSchedule>},
    {"searchScheduleNow", binding::entry<binding::searchScheduleNow>},
    {"scheduleSearchBytes", binding::entry<binding::scheduleSearchBytes>},
    {"addMoments", binding::entry<binding::addMoments>},
    {"innerProducts", binding::entry<binding::innerProducts>},
    {"rootTrace", binding::entry<binding::rootTrace>},
    {"distancesWithout", binding::entry<binding::distancesWithout>},
    {"alignment", binding::entry<binding::alignment>},
    {"memoryLimit", binding::entry<binding::memoryLimit>},
    {"setThreads", binding::entry<binding::setThreads>},
    {"setInstructionSet", binding::entry<binding::setInstructionSet>},
    {"setStreamingBytes", binding::entry<binding::setStreamingBytes>},
    {"info", binding::entry<binding::info>},
    {"callCounts", binding::entry<binding::callCounts>},
    {"resetCallCounts", binding::entry<binding::resetCallCounts>},
};

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  auto instance = std::make_unique<binding::Instance>();
  for (const Entry& entry : table) {
    napi_value function = nullptr;
    const napi_status status =
        napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.callback, instance.get(), &function);
    if (status != napi_ok) throw Napi::Error::New(env);
    exports.Set(entry.name, Napi::Function(env, function));
  }
  // The environment frees it, and with it the threads, when it ends.
  env.SetInstanceData(instance.release());
  return exports;
}

}  // namespace

NODE_API_MODULE(NODE_GYP_MODULE_NAME, initialise)
