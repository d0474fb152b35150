#include "cuda_runtime.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using Clock = std::chrono::steady_clock;

/// Work in order; `done` counts what has run, `enqueued` what was asked for.
struct CUstream_st {
  std::deque<std::function<void()>> waiting;
  std::uint64_t enqueued = 0;
  std::uint64_t done = 0;

  void add(std::function<void()> work) {
    waiting.push_back(std::move(work));
    ++enqueued;
  }

  void runUntil(std::uint64_t count) {
    while (done < count && !waiting.empty()) {
      const std::function<void()> work = std::move(waiting.front());
      waiting.pop_front();
      work();
      ++done;
    }
  }
};

struct CUevent_st {
  cudaStream_t stream = nullptr;
  std::uint64_t position = 0;
  std::shared_ptr<Clock::time_point> reached;
};

namespace {

struct Settings {
  int devices = 1;
  bool driver = true;
  std::size_t memory = std::size_t{1} << 34;
  std::uint64_t failingLaunch = 0;
};

Settings readSettings() {
  Settings settings;
  const char* given = std::getenv("QUENCH_CUDA_EMULATION");
  std::string_view rest = given == nullptr ? "" : given;
  while (!rest.empty()) {
    const std::string entry(rest.substr(0, rest.find(',')));
    rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
    const std::string value = entry.substr(std::min(entry.size(), entry.find('=') + 1));
    if (entry.starts_with("devices=")) settings.devices = std::atoi(value.c_str());
    if (entry == "driver=none") settings.driver = false;
    if (entry.starts_with("memory=")) settings.memory = std::strtoull(value.c_str(), nullptr, 10);
    if (entry.starts_with("launch=")) settings.failingLaunch = std::strtoull(value.c_str(), nullptr, 10);
  }
  return settings;
}

// One card for the process, as one thread at a time uses it.
struct Card {
  Settings settings = readSettings();
  std::size_t used = 0;
  std::uint64_t launches = 0;
  cudaError_t last = cudaSuccess;
  std::map<void*, std::size_t> allocations;
  std::map<const std::byte*, std::size_t> pinned;

  cudaError_t fail(cudaError_t status) { return last = status; }

  bool isPinned(const void* memory) const {
    const auto* address = static_cast<const std::byte*>(memory);
    const auto after = pinned.upper_bound(address);
    if (after == pinned.begin()) return false;
    const auto& [begin, bytes] = *std::prev(after);
    return address < begin + bytes;
  }
};

Card& card() {
  static thread_local Card only;
  return only;
}

}  // namespace

cudaError_t cudaGetDeviceCount(int* count) {
  card().settings = readSettings();
  card().launches = 0;
  *count = card().settings.devices;
  if (!card().settings.driver) return card().fail(cudaErrorInsufficientDriver);
  return *count == 0 ? card().fail(cudaErrorNoDevice) : cudaSuccess;
}

cudaError_t cudaSetDevice(int) { return cudaSuccess; }

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  *properties = {"emulation (no GPU)", 0, 0, 0};
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(std::size_t* freeBytes, std::size_t* totalBytes) {
  *totalBytes = card().settings.memory;
  *freeBytes = card().settings.memory - card().used;
  return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) {
  *version = 0;
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = 0;
  return cudaSuccess;
}

cudaError_t cudaGetLastError() { return std::exchange(card().last, cudaSuccess); }

const char* cudaGetErrorName(cudaError_t status) {
  switch (status) {
    case cudaSuccess: return "cudaSuccess";
    case cudaErrorInvalidValue: return "cudaErrorInvalidValue";
    case cudaErrorMemoryAllocation: return "cudaErrorMemoryAllocation";
    case cudaErrorInsufficientDriver: return "cudaErrorInsufficientDriver";
    case cudaErrorNoDevice: return "cudaErrorNoDevice";
    case cudaErrorLaunchFailure: return "cudaErrorLaunchFailure";
  }
  return "cudaErrorUnknown";
}

const char* cudaGetErrorString(cudaError_t status) {
  return status == cudaErrorMemoryAllocation ? "out of memory" : "as the emulation was told to fail";
}

cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* pool, int) {
  *pool = nullptr;
  return cudaSuccess;
}

cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t, cudaMemPoolAttr, void*) { return cudaSuccess; }

cudaError_t cudaMallocAsync(void** memory, std::size_t bytes, cudaStream_t) {
  if (card().used + bytes > card().settings.memory) return card().fail(cudaErrorMemoryAllocation);
  *memory = std::malloc(bytes);
  // What was never written is never right.
  std::memset(*memory, 0xFF, bytes);
  card().allocations[*memory] = bytes;
  card().used += bytes;
  return cudaSuccess;
}

cudaError_t cudaFreeAsync(void* memory, cudaStream_t stream) {
  const auto found = card().allocations.find(memory);
  if (found == card().allocations.end()) return card().fail(cudaErrorInvalidValue);
  card().used -= found->second;
  const std::size_t bytes = found->second;
  card().allocations.erase(found);
  stream->add([memory, bytes] {
    std::memset(memory, 0xFF, bytes);
    std::free(memory);
  });
  return cudaSuccess;
}

cudaError_t cudaHostAlloc(void** memory, std::size_t bytes, unsigned int) {
  *memory = std::malloc(bytes);
  card().pinned[static_cast<std::byte*>(*memory)] = bytes;
  return cudaSuccess;
}

cudaError_t cudaFreeHost(void* memory) {
  card().pinned.erase(static_cast<std::byte*>(memory));
  std::free(memory);
  return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
  const bool toDevice = kind == cudaMemcpyHostToDevice;
  if (card().isPinned(toDevice ? from : to)) {
    stream->add([to, from, bytes] { std::memcpy(to, from, bytes); });
  } else if (toDevice) {
    const auto* begin = static_cast<const std::byte*>(from);
    stream->add(
        [to, staged = std::vector<std::byte>(begin, begin + bytes)] { std::memcpy(to, staged.data(), staged.size()); });
  } else {
    stream->add([to, from, bytes] { std::memcpy(to, from, bytes); });
    stream->runUntil(stream->enqueued);
  }
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned int) {
  *stream = new CUstream_st;
  return cudaSuccess;
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  stream->runUntil(stream->enqueued);
  delete stream;
  return cudaSuccess;
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  stream->runUntil(stream->enqueued);
  return cudaSuccess;
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned int) {
  // What was last recorded counts, even if the event is recorded anew before the stream gets here.
  if (event->stream != nullptr)
    stream->add([other = event->stream, until = event->position] { other->runUntil(until); });
  return cudaSuccess;
}

cudaError_t cudaEventCreate(cudaEvent_t* event) { return cudaEventCreateWithFlags(event, 0); }

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned int) {
  *event = new CUevent_st;
  return cudaSuccess;
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  const auto reached = std::make_shared<Clock::time_point>();
  stream->add([reached] { *reached = Clock::now(); });
  *event = {stream, stream->enqueued, reached};
  return cudaSuccess;
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t begin, cudaEvent_t end) {
  *milliseconds = std::chrono::duration<float, std::milli>(*end->reached - *begin->reached).count();
  return cudaSuccess;
}

namespace quench::cuda::emulation {

void enqueue(cudaStream_t stream, std::function<void()> work) {
  if (++card().launches == card().settings.failingLaunch) {
    card().fail(cudaErrorLaunchFailure);
    return;
  }
  stream->add(std::move(work));
}

}  // namespace quench::cuda::emulation
