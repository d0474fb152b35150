// The card as one addon instance uses it: a stream for arithmetic, one for transfers, memory, parameters.
//
// Kernels run in order on `stream()`. Transfers run on a stream of their own, so that a download overlaps the
// kernels that come after it, and wait for events where they must:
//   upload    waits for the kernels before it; kernels after it wait for it.
//   download  waits for the kernels before it; nothing may write its source before settle().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "status.h"

namespace quench::cuda {

struct DeviceInfo {
  std::string name;
  std::string computeCapability;
  double totalBytes;
  double freeBytes;
  int multiprocessors;
  int driverVersion;
  int runtimeVersion;
};

/// What was moved between host and card so far; milliseconds as the card measured them, up to the last settle().
struct Transfers {
  double milliseconds = 0;
  std::uint64_t uploadedBytes = 0;
  std::uint64_t downloadedBytes = 0;
};

class Device {
 public:
  /// The first visible device. Throws Failure: cudaErrorInsufficientDriver without a driver, cudaErrorNoDevice
  /// without a card.
  Device();
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  DeviceInfo info() const;
  cudaStream_t stream() const { return compute_; }

  void* allocate(std::size_t bytes);
  void release(void* memory) noexcept;
  /// Page-locked host memory, from which transfers need no copy and no waiting.
  void* allocatePinned(std::size_t bytes);
  void releasePinned(void* memory) noexcept;

  void upload(void* to, const void* from, std::size_t bytes);
  void download(void* to, const void* from, std::size_t bytes);
  /// Waits until no transfer is under way.
  void settle();
  const Transfers& transfers() const { return transfers_; }

  /// A copy of an operation's numbers where its kernels can read them: one call for each operation.
  template <typename Value>
  const Value* parameters(const Value* values, std::size_t count) {
    return static_cast<const Value*>(copyParameters(values, count * sizeof(Value)));
  }

  /// Waits for the kernels so far and copies what they left.
  void read(void* to, const void* from, std::size_t bytes);

 private:
  struct Span {
    cudaEvent_t begin;
    cudaEvent_t end;
  };

  const void* copyParameters(const void* values, std::size_t bytes);
  void transfer(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind);
  void destroy() noexcept;

  cudaStream_t compute_ = nullptr;
  cudaStream_t transferring_ = nullptr;
  cudaEvent_t computed_ = nullptr;
  std::vector<Span> spans_;
  std::size_t spansInUse_ = 0;
  Transfers transfers_;

  std::byte* hostParameters_ = nullptr;
  std::byte* deviceParameters_ = nullptr;
  std::size_t parameterBytes_ = 0;
  std::size_t parametersUsed_ = 0;
};

/// Memory for the length of one operation, in the order of the arithmetic's stream.
template <typename Value>
class Temporary {
 public:
  Temporary(Device& device, std::size_t count)
      : device_(device), data_(static_cast<Value*>(device.allocate(count * sizeof(Value)))) {}
  ~Temporary() { device_.release(data_); }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  Value* data() const { return data_; }

 private:
  Device& device_;
  Value* data_;
};

}  // namespace quench::cuda
