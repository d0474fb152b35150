// Work on a thread of its own that ends with the environment it was begun in.
#pragma once

#include <napi.h>

#include <atomic>
#include <memory>
#include <new>
#include <system_error>
#include <thread>

#include "../cancelled.h"
#include "call.h"

namespace quench::binding {

/// Computes on a thread of its own and settles a promise; owned by the thread-safe function that tells of the end. Not
/// on libuv's pool: there are four threads there that files are read with, and Node waits for all of their work when a
/// process or a worker is told to stop. Here the flag is raised then, and the thread is gone soon.
class AsyncWork {
 public:
  using Flag = std::shared_ptr<std::atomic<bool>>;

  explicit AsyncWork(Napi::Env env) : deferred_(env) {}
  AsyncWork(const AsyncWork&) = delete;
  AsyncWork& operator=(const AsyncWork&) = delete;
  virtual ~AsyncWork() = default;

  /// Raise it to have the work end soon.
  Flag stop() const { return stop_; }

  static Napi::Promise begin(std::unique_ptr<AsyncWork> work, Napi::Env env, const char* name) {
    AsyncWork* begun = work.get();
    napi_threadsafe_function told = nullptr;
    check(napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, name), 0, 1, begun, finalize,
                                          begun, settle, &told));
    work.release();  // finalize deletes it
    const Napi::Promise promise = begun->deferred_.Promise();
    try {
      begun->thread_ = std::thread([begun, told] { begun->work(told); });
    } catch (const std::system_error&) {
      napi_release_threadsafe_function(told, napi_tsfn_abort);
      throw Napi::Error::New(env, "no thread could be started");
    }
    return promise;
  }

 protected:
  virtual void compute(const Cancelled& cancelled) = 0;
  virtual Napi::Value result(Napi::Env env) = 0;

 private:
  void work(napi_threadsafe_function told) {
    try {
      compute(Cancelled(*stop_));
    } catch (const std::bad_alloc&) {
      outOfMemory_ = true;
    }
    // Where the environment is ending already, nobody has to be told and there is nothing to give back.
    if (napi_call_threadsafe_function(told, nullptr, napi_tsfn_nonblocking) == napi_ok) {
      napi_release_threadsafe_function(told, napi_tsfn_release);
    }
  }

  // Called through Node's own frames, which no exception may cross. An environment that is being stopped still gets
  // here with a valid env, at any moment of its end, and refuses whatever may run JavaScript: then nobody waits any
  // more.
  static void settle(napi_env env, napi_value, void* context, void*) {
    if (env == nullptr) return;
    auto* work = static_cast<AsyncWork*>(context);
    try {
      work->settleIn(env);
    } catch (...) {
    }
  }

  void settleIn(Napi::Env env) {
    if (outOfMemory_) {
      deferred_.Reject(Napi::Error::New(env, "out of memory").Value());
      return;
    }
    Napi::Value value;
    try {
      value = result(env);
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
      return;
    }
    deferred_.Resolve(value);  // not tried again: the attempt gives the promise away
  }

  static void finalize(napi_env, void* data, void*) {
    const std::unique_ptr<AsyncWork> work(static_cast<AsyncWork*>(data));
    work->stop_->store(true, std::memory_order_relaxed);
    if (work->thread_.joinable()) work->thread_.join();
  }

  Flag stop_ = std::make_shared<std::atomic<bool>>(false);
  bool outOfMemory_ = false;
  Napi::Promise::Deferred deferred_;
  std::thread thread_;
};

}  // namespace quench::binding
