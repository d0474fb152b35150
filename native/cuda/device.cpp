#include "device.h"

#include <algorithm>
#include <cstring>

namespace quench::cuda {
namespace {

// Seeds of a few thousand rows; where more is asked for at once it grows.
constexpr std::size_t initialParameterBytes = std::size_t{1} << 20;

// What any kind of number may be aligned to.
constexpr std::size_t parameterAlignment = 16;

// Freed memory that the allocator keeps when a stream is waited for, instead of giving it back to the system.
std::uint64_t keptBytes = std::uint64_t{256} << 20;

}  // namespace

Device::Device() {
  int count = 0;
  check(cudaGetDeviceCount(&count), "cudaGetDeviceCount");
  if (count == 0) throw Failure{"cudaGetDeviceCount", cudaErrorNoDevice};
  try {
    check(cudaSetDevice(0), "cudaSetDevice");
    check(cudaStreamCreateWithFlags(&compute_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    check(cudaStreamCreateWithFlags(&transferring_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
    check(cudaEventCreateWithFlags(&computed_, cudaEventDisableTiming), "cudaEventCreateWithFlags");
    cudaMemPool_t pool = nullptr;
    check(cudaDeviceGetDefaultMemPool(&pool, 0), "cudaDeviceGetDefaultMemPool");
    check(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &keptBytes), "cudaMemPoolSetAttribute");
  } catch (...) {
    destroy();
    throw;
  }
}

Device::~Device() { destroy(); }

// Statuses do not matter any more: at the end of a process the driver may be gone already.
void Device::destroy() noexcept {
  if (transferring_ != nullptr) cudaStreamSynchronize(transferring_);
  if (compute_ != nullptr) cudaStreamSynchronize(compute_);
  release(deviceParameters_);
  releasePinned(hostParameters_);
  for (const Span& span : spans_) {
    if (span.begin != nullptr) cudaEventDestroy(span.begin);
    if (span.end != nullptr) cudaEventDestroy(span.end);
  }
  if (computed_ != nullptr) cudaEventDestroy(computed_);
  if (transferring_ != nullptr) cudaStreamDestroy(transferring_);
  if (compute_ != nullptr) cudaStreamDestroy(compute_);
}

DeviceInfo Device::info() const {
  cudaDeviceProp properties{};
  check(cudaGetDeviceProperties(&properties, 0), "cudaGetDeviceProperties");
  std::size_t freeBytes = 0;
  std::size_t totalBytes = 0;
  check(cudaMemGetInfo(&freeBytes, &totalBytes), "cudaMemGetInfo");
  DeviceInfo info{};
  info.name = properties.name;
  info.computeCapability = std::to_string(properties.major) + "." + std::to_string(properties.minor);
  info.totalBytes = static_cast<double>(totalBytes);
  info.freeBytes = static_cast<double>(freeBytes);
  info.multiprocessors = properties.multiProcessorCount;
  check(cudaDriverGetVersion(&info.driverVersion), "cudaDriverGetVersion");
  check(cudaRuntimeGetVersion(&info.runtimeVersion), "cudaRuntimeGetVersion");
  return info;
}

void* Device::allocate(std::size_t bytes) {
  void* memory = nullptr;
  check(cudaMallocAsync(&memory, std::max<std::size_t>(bytes, 1), compute_), "cudaMallocAsync");
  return memory;
}

void Device::release(void* memory) noexcept {
  if (memory != nullptr) cudaFreeAsync(memory, compute_);
}

void* Device::allocatePinned(std::size_t bytes) {
  void* memory = nullptr;
  check(cudaHostAlloc(&memory, std::max<std::size_t>(bytes, 1), cudaHostAllocDefault), "cudaHostAlloc");
  return memory;
}

void Device::releasePinned(void* memory) noexcept {
  if (memory == nullptr) return;
  cudaStreamSynchronize(transferring_);
  cudaFreeHost(memory);
}

void Device::transfer(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  if (spansInUse_ == spans_.size()) {
    // Kept only with both its events: a later transfer would otherwise record ones that were never made.
    Span made{nullptr, nullptr};
    check(cudaEventCreate(&made.begin), "cudaEventCreate");
    const cudaError_t failed = cudaEventCreate(&made.end);
    if (failed != cudaSuccess) cudaEventDestroy(made.begin);
    check(failed, "cudaEventCreate");
    spans_.push_back(made);
  }
  const Span& span = spans_[spansInUse_];
  check(cudaEventRecord(computed_, compute_), "cudaEventRecord");
  check(cudaStreamWaitEvent(transferring_, computed_, 0), "cudaStreamWaitEvent");
  check(cudaEventRecord(span.begin, transferring_), "cudaEventRecord");
  check(cudaMemcpyAsync(to, from, bytes, kind, transferring_), "cudaMemcpyAsync");
  check(cudaEventRecord(span.end, transferring_), "cudaEventRecord");
  ++spansInUse_;
}

void Device::upload(void* to, const void* from, std::size_t bytes) {
  transfer(to, from, bytes, cudaMemcpyHostToDevice);
  check(cudaStreamWaitEvent(compute_, spans_[spansInUse_ - 1].end, 0), "cudaStreamWaitEvent");
  transfers_.uploadedBytes += bytes;
}

void Device::download(void* to, const void* from, std::size_t bytes) {
  transfer(to, from, bytes, cudaMemcpyDeviceToHost);
  transfers_.downloadedBytes += bytes;
}

void Device::settle() {
  check(cudaStreamSynchronize(transferring_), "cudaStreamSynchronize");
  for (std::size_t i = 0; i < spansInUse_; ++i) {
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, spans_[i].begin, spans_[i].end), "cudaEventElapsedTime");
    transfers_.milliseconds += static_cast<double>(milliseconds);
  }
  spansInUse_ = 0;
}

const void* Device::copyParameters(const void* values, std::size_t bytes) {
  const std::size_t room = (bytes + parameterAlignment - 1) / parameterAlignment * parameterAlignment;
  if (parametersUsed_ + room > parameterBytes_) {
    // Kernels that still read the old ones are waited for; then the room is free again.
    check(cudaStreamSynchronize(compute_), "cudaStreamSynchronize");
    parametersUsed_ = 0;
    if (room > parameterBytes_) {
      release(deviceParameters_);
      releasePinned(hostParameters_);
      deviceParameters_ = nullptr;
      hostParameters_ = nullptr;
      parameterBytes_ = 0;
      const std::size_t grown = std::max(initialParameterBytes, 2 * room);
      deviceParameters_ = static_cast<std::byte*>(allocate(grown));
      hostParameters_ = static_cast<std::byte*>(allocatePinned(grown));
      parameterBytes_ = grown;
    }
  }
  std::byte* host = hostParameters_ + parametersUsed_;
  std::byte* device = deviceParameters_ + parametersUsed_;
  std::memcpy(host, values, bytes);
  check(cudaMemcpyAsync(device, host, bytes, cudaMemcpyHostToDevice, compute_), "cudaMemcpyAsync");
  parametersUsed_ += room;
  return device;
}

void Device::read(void* to, const void* from, std::size_t bytes) {
  check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToHost, compute_), "cudaMemcpyAsync");
  check(cudaStreamSynchronize(compute_), "cudaStreamSynchronize");
}

}  // namespace quench::cuda
