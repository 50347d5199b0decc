// SPDX-License-Identifier: Apache-2.0
// Tasks on real threads, of which the one that has the baton runs: for
// components that need thread_local, which every run finds as it is first.
// Slower than fibers by a hundred times; the schedules are the same. Locks must
// be those of framework/schedule/sync or wrapped (framework/schedule/posix): a
// task that waits in a real one waits with the baton, for ever.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_THREAD_THREAD_EXECUTOR_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_THREAD_THREAD_EXECUTOR_H_

#include <array>
#include <memory>
#include <semaphore>
#include <thread>

#include "framework/schedule/executor.h"

namespace formfuzz {

class ThreadExecutor final : public Executor {
 public:
  ThreadExecutor() = default;
  ThreadExecutor(const ThreadExecutor&) = delete;
  ThreadExecutor& operator=(const ThreadExecutor&) = delete;
  ~ThreadExecutor() override { EndRun(); }

  void Bind(TaskEntry& entry) override { entry_ = &entry; }
  void Switch(uint8_t from, uint8_t to) override;
  void Abandon(uint8_t task) override;
  // Ends the threads; those of abandoned tasks stay parked for ever.
  void EndRun() override;

 private:
  struct Place {
    std::binary_semaphore baton{0};
    bool quits = false;
    std::thread thread;
  };

  Place& PlaceOf(uint8_t task);
  void Play(Place& place, uint8_t task);

  TaskEntry* entry_ = nullptr;
  Place outside_;
  std::array<std::unique_ptr<Place>, kRunningTasksMax> places_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_THREAD_THREAD_EXECUTOR_H_
