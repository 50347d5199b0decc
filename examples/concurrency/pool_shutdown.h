// SPDX-License-Identifier: Apache-2.0
// A worker with a queue, and its shutdown. The defect: the worker looks whether
// it is to stop before it looks for work, so that jobs that were accepted are
// never done. The worker is the component's own thread, one more task of a run.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_POOL_SHUTDOWN_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_POOL_SHUTDOWN_H_

#include <cstddef>
#include <mutex>

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

template <class Sync, bool kDefective>
class Pool {
 public:
  Pool() : worker_([this] { Work(); }) {}
  ~Pool() { Stop(); }

  bool Submit() {
    const std::lock_guard lock(mutex_);
    if (stops_) return false;
    ++waiting_;
    changed_.notify_one();
    return true;
  }
  // Comes back when the worker has gone home.
  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      if (stops_) return;
      stops_ = true;
    }
    changed_.notify_one();
    worker_.join();
  }
  size_t done() const { return done_; }

 private:
  void Work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stops_ || waiting_ > 0; });
      if (stops_ && (kDefective || waiting_ == 0)) return;
      --waiting_;
      lock.unlock();
      lock.lock();  // the job is done without the lock
      ++done_;
    }
  }

  typename Sync::mutex mutex_;
  typename Sync::condition_variable changed_;
  size_t waiting_ = 0;
  size_t done_ = 0;
  bool stops_ = false;
  typename Sync::thread worker_;  // last: it uses the others at once
};

template <bool kDefective>
class PoolShutdown {
 public:
  explicit PoolShutdown(Run& run) : run_(run) {}

  bool Submit() {
    if (!pool_.Submit()) return false;
    ++accepted_;
    return true;
  }
  void Stop() {
    if (stopped_) return;
    stopped_ = true;
    pool_.Stop();
    run_.Expect(pool_.done() == accepted_, "EveryAcceptedJobIsDone");
  }

  static void Describe(HarnessBuilder<PoolShutdown> harness) {
    harness.Step("submit", &PoolShutdown::Submit)
        .Step("stop", &PoolShutdown::Stop)
        .Strategy("race", {"submit", "stop"}, Tasks(2));
  }

 private:
  Run& run_;
  Pool<TaskSync, kDefective> pool_;
  size_t accepted_ = 0;
  bool stopped_ = false;
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_POOL_SHUTDOWN_H_
