#include "thread_pool.h"

#include <algorithm>
#include <system_error>

namespace quench {

ThreadPool::~ThreadPool() { stop(); }

void ThreadPool::resize(std::size_t threads) {
  size_ = std::max<std::size_t>(threads, 1);
  if (workers_.size() + 1 > size_) stop();
}

void ThreadPool::runErased(std::size_t count, Call call, const void* task) {
  if (size_ == 1 || count <= 1) {
    for (std::size_t index = 0; index < count; ++index) call(task, index);
    return;
  }
  start(size_ - 1);
  std::unique_lock lock(mutex_);
  job_ = {call, task, count, 0};
  workToDo_.notify_all();
  takeTasks(lock);
  allDone_.wait(lock, [this] { return running_ == 0; });
  job_ = {};
}

void ThreadPool::start(std::size_t wanted) {
  // A refused thread is no error: fewer threads give the same result, later.
  try {
    workers_.reserve(wanted);
    while (workers_.size() < wanted) workers_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    size_ = workers_.size() + 1;
  }
}

void ThreadPool::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  workToDo_.notify_all();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
  stopping_ = false;
}

void ThreadPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    workToDo_.wait(lock, [this] { return stopping_ || job_.next < job_.count; });
    if (stopping_) return;
    takeTasks(lock);
    if (running_ == 0) allDone_.notify_one();
  }
}

/// Tasks are large (tens of microseconds and more), so the lock around taking one costs nothing.
void ThreadPool::takeTasks(std::unique_lock<std::mutex>& lock) {
  while (job_.next < job_.count) {
    const std::size_t index = job_.next++;
    const Call call = job_.call;
    const void* task = job_.task;
    ++running_;
    lock.unlock();
    call(task, index);
    lock.lock();
    --running_;
  }
}

}  // namespace quench
