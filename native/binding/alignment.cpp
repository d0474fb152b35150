#include <cstdint>

#include "../kernels/streaming_store.h"
#include "functions.h"

namespace quench::binding {

napi_value alignment(Call& call) {
  if (call.size() != 1) typeError("Expected the argument (buffer)");
  void* memory = nullptr;
  std::size_t bytes = 0;
  const napi_status status = napi_get_arraybuffer_info(call.env(), call.at(0), &memory, &bytes);
  if (status == napi_invalid_arg) typeError("Expected an ArrayBuffer for buffer");
  check(status);
  const std::uintptr_t past = reinterpret_cast<std::uintptr_t>(memory) % cacheLine;
  napi_value result = nullptr;
  check(napi_create_uint32(call.env(), static_cast<std::uint32_t>((cacheLine - past) % cacheLine), &result));
  return result;
}

}  // namespace quench::binding
