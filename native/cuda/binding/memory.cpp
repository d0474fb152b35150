// Opening the device, its memory, and what moves between it and the host.
#include "functions.h"

namespace quench::cuda::binding {
namespace {

void set(napi_env env, napi_value object, const char* key, double number) {
  napi_value value = nullptr;
  check(napi_create_double(env, number, &value));
  check(napi_set_named_property(env, object, key, value));
}

void set(napi_env env, napi_value object, const char* key, const std::string& text) {
  napi_value value = nullptr;
  check(napi_create_string_utf8(env, text.data(), text.size(), &value));
  check(napi_set_named_property(env, object, key, value));
}

/// Page-locked memory behind an ArrayBuffer.
struct Pinned {
  std::shared_ptr<Device> device;
  void* data;
};

}  // namespace

napi_value open(Call& call) {
  if (!call.instance().device) call.instance().device = std::make_shared<Device>();
  const DeviceInfo info = call.device()->info();
  napi_value result = nullptr;
  check(napi_create_object(call.env(), &result));
  set(call.env(), result, "name", info.name);
  set(call.env(), result, "computeCapability", info.computeCapability);
  set(call.env(), result, "multiprocessors", info.multiprocessors);
  set(call.env(), result, "totalBytes", info.totalBytes);
  set(call.env(), result, "freeBytes", info.freeBytes);
  set(call.env(), result, "driverVersion", info.driverVersion);
  set(call.env(), result, "runtimeVersion", info.runtimeVersion);
  return result;
}

napi_value allocate(Call& call) { return makeMemory(call.env(), call.device(), call.integer(0)); }

napi_value free(Call& call) {
  call.memory(0).release();
  return nullptr;
}

napi_value hostBuffer(Call& call) {
  const std::size_t bytes = call.integer(0);
  auto pinned = std::make_unique<Pinned>(Pinned{call.device(), call.device()->allocatePinned(bytes)});
  const auto finalize = [](napi_env, void*, void* hint) {
    auto* mine = static_cast<Pinned*>(hint);
    mine->device->releasePinned(mine->data);
    delete mine;
  };
  napi_value buffer = nullptr;
  if (napi_create_external_arraybuffer(call.env(), pinned->data, bytes, finalize, pinned.get(), &buffer) != napi_ok) {
    pinned->device->releasePinned(pinned->data);
    throw Refused{};
  }
  pinned.release();
  return buffer;
}

napi_value upload(Call& call) {
  const TypedArray from = call.typedArray(2);
  call.device()->upload(call.vector<std::byte>(0, from.bytes), from.data, from.bytes);
  return nullptr;
}

napi_value download(Call& call) {
  const TypedArray to = call.typedArray(0);
  call.device()->download(to.data, call.vector<std::byte>(1, to.bytes), to.bytes);
  return nullptr;
}

napi_value settle(Call& call) {
  call.device()->settle();
  return nullptr;
}

napi_value transfers(Call& call) {
  const Transfers& transfers = call.device()->transfers();
  napi_value result = nullptr;
  check(napi_create_object(call.env(), &result));
  set(call.env(), result, "milliseconds", transfers.milliseconds);
  set(call.env(), result, "uploadedBytes", static_cast<double>(transfers.uploadedBytes));
  set(call.env(), result, "downloadedBytes", static_cast<double>(transfers.downloadedBytes));
  return result;
}

}  // namespace quench::cuda::binding
