// SPDX-License-Identifier: Apache-2.0
// Everything that synchronises tasks, as one policy type:
//
//   template <class Sync = StdSync>      // the component's own, of std::
//   class Account {
//     typename Sync::mutex mutex_;
//   };
//   Account<formfuzz::TaskSync>          // in its harness
//
// A component that has an alias header instead is built with another one in
// its place.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_TASK_SYNC_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_TASK_SYNC_H_

#include "framework/schedule/sync/atomic.h"
#include "framework/schedule/sync/channel.h"
#include "framework/schedule/sync/condition_variable.h"
#include "framework/schedule/sync/mutex.h"
#include "framework/schedule/sync/semaphore.h"
#include "framework/schedule/sync/shared_mutex.h"
#include "framework/schedule/sync/thread.h"

namespace formfuzz {

struct TaskSync {
  using mutex = sync::mutex;
  using timed_mutex = sync::timed_mutex;
  using recursive_mutex = sync::recursive_mutex;
  using shared_mutex = sync::shared_mutex;
  using condition_variable = sync::condition_variable;
  using condition_variable_any = sync::condition_variable_any;
  using binary_semaphore = sync::binary_semaphore;
  using thread = sync::thread;
  using atomic_flag = sync::atomic_flag;
  template <class T>
  using atomic = sync::atomic<T>;
  template <class T>
  using channel = sync::channel<T>;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_TASK_SYNC_H_
