// A wish to stop what runs on another thread.
#pragma once

#include <atomic>

namespace quench {

/// Polled by what takes long. The flag is somebody else's, and outlives the work.
class Cancelled {
 public:
  explicit Cancelled(const std::atomic<bool>& flag) : flag_(&flag) {}
  bool requested() const { return flag_->load(std::memory_order_relaxed); }

 private:
  const std::atomic<bool>* flag_;
};

}  // namespace quench
