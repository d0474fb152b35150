// A few threads that wait for work, owned by one addon instance.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace quench {

/// Not for concurrent use: run() is called by the one thread that owns the instance.
class ThreadPool {
 public:
  ThreadPool() = default;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  /// The number of threads that run() may use, the caller included. Running threads beyond it are stopped.
  void resize(std::size_t threads);

  std::size_t size() const { return size_; }

  /// Calls task(0) ... task(count - 1), each once, in any order and on any thread; returns when all are done.
  /// The tasks must not throw. Threads are started by the first call that has use for them.
  template <typename Task>
  void run(std::size_t count, const Task& task) {
    runErased(count, [](const void* erased, std::size_t index) { (*static_cast<const Task*>(erased))(index); }, &task);
  }

 private:
  using Call = void (*)(const void* task, std::size_t index);

  struct Job {
    Call call = nullptr;
    const void* task = nullptr;
    std::size_t count = 0;
    std::size_t next = 0;
  };

  void runErased(std::size_t count, Call call, const void* task);
  void start(std::size_t wanted);
  void stop();
  void work();
  void takeTasks(std::unique_lock<std::mutex>& lock);

  std::size_t size_ = 1;
  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable workToDo_;
  std::condition_variable allDone_;
  Job job_;
  std::size_t running_ = 0;
  bool stopping_ = false;
};

}  // namespace quench
