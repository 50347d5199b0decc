// SPDX-License-Identifier: Apache-2.0
// std::shared_mutex for tasks. It prefers nobody: whoever comes when it is
// free for them gets in, so readers may starve a writer.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_SHARED_MUTEX_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_SHARED_MUTEX_H_

#include <chrono>

#include "framework/schedule/sync/clock.h"
#include "framework/schedule/sync_object.h"

namespace formfuzz::sync {

class shared_mutex {
 public:
  constexpr shared_mutex() noexcept = default;

  void lock();
  bool try_lock();
  void unlock();
  void lock_shared();
  bool try_lock_shared();
  void unlock_shared();

 protected:
  bool lock_until_ms(uint64_t deadline_ms);
  bool lock_shared_until_ms(uint64_t deadline_ms);

 private:
  SyncObject object_{"shared_mutex"};
  // What readers did, for the next writer alone: they do not order each other.
  SyncObject reads_{"shared_mutex"};
};

class shared_timed_mutex : public shared_mutex {
 public:
  template <class Rep, class Period>
  bool try_lock_for(const std::chrono::duration<Rep, Period>& time) {
    return lock_until_ms(clock::deadline_ms(time));
  }
  bool try_lock_until(clock::time_point time) {
    return lock_until_ms(clock::to_ms(time));
  }
  template <class Rep, class Period>
  bool try_lock_shared_for(const std::chrono::duration<Rep, Period>& time) {
    return lock_shared_until_ms(clock::deadline_ms(time));
  }
  bool try_lock_shared_until(clock::time_point time) {
    return lock_shared_until_ms(clock::to_ms(time));
  }
};

}  // namespace formfuzz::sync

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_SHARED_MUTEX_H_
