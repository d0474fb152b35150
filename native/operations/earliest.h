// The lowest of the indices that several threads find.
#pragma once

#include <atomic>
#include <cstddef>

namespace quench {

class Earliest {
 public:
  /// @param none what stands for no index found, above all others
  explicit Earliest(std::size_t none) : index_(none) {}

  void note(std::size_t index) {
    std::size_t known = index_.load();
    while (index < known && !index_.compare_exchange_weak(known, index)) {
    }
  }

  std::size_t index() const { return index_.load(); }

 private:
  std::atomic<std::size_t> index_;
};

}  // namespace quench
