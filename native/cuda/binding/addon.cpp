// The CUDA addon's entry: a table of functions for each environment that loads it, and nothing else. No CUDA call is
// made before open(), so the file loads where there is neither driver nor card.
#include "functions.h"

NAPI_MODULE_INIT() {
  namespace binding = quench::cuda::binding;
  struct Entry {
    const char* name;
    napi_callback callback;
  };
  static constexpr Entry table[] = {
      {"open", binding::entry<binding::open>},
      {"allocate", binding::entry<binding::allocate>},
      {"free", binding::entry<binding::free>},
      {"hostBuffer", binding::entry<binding::hostBuffer>},
      {"upload", binding::entry<binding::upload>},
      {"download", binding::entry<binding::download>},
      {"settle", binding::entry<binding::settle>},
      {"transfers", binding::entry<binding::transfers>},
      {"combine", binding::entry<binding::combine>},
      {"gram", binding::entry<binding::gram>},
      {"normals", binding::entry<binding::normals>},
      {"gather", binding::entry<binding::gather>},
      {"scatter", binding::entry<binding::scatter>},
      {"copy", binding::entry<binding::copy>},
      {"fill", binding::entry<binding::fill>},
      {"clamp", binding::entry<binding::clamp>},
      {"threshold", binding::entry<binding::threshold>},
      {"absoluteQuantile", binding::entry<binding::absoluteQuantile>},
      {"firstNonFinite", binding::entry<binding::firstNonFinite>},
  };
  auto instance = std::make_unique<binding::Instance>();
  const auto destroy = [](napi_env, void* data, void*) { delete static_cast<binding::Instance*>(data); };
  if (napi_set_instance_data(env, instance.get(), destroy, nullptr) != napi_ok) return nullptr;
  binding::Instance* owned = instance.release();
  for (const Entry& entry : table) {
    napi_value function = nullptr;
    if (napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.callback, owned, &function) != napi_ok ||
        napi_set_named_property(env, exports, entry.name, function) != napi_ok) {
      return nullptr;
    }
  }
  return exports;
}
