// SPDX-License-Identifier: Apache-2.0
// std::mutex for tasks: a yield point before every acquisition; who finds it
// taken is parked. Locking it twice is a deadlock of one task.
//
// Names and meaning are those of std::, so that one alias of a component
// changes both. Outside of a run it is taken and left without waiting.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_MUTEX_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_MUTEX_H_

#include <chrono>

#include "framework/schedule/sync/clock.h"
#include "framework/schedule/sync_object.h"

namespace formfuzz::sync {

class mutex {
 public:
  constexpr mutex() noexcept = default;

  void lock();
  bool try_lock();
  void unlock();

 protected:
  bool lock_until_ms(uint64_t deadline_ms);

 private:
  SyncObject object_{"mutex"};
};

class timed_mutex : public mutex {
 public:
  template <class Rep, class Period>
  bool try_lock_for(const std::chrono::duration<Rep, Period>& time) {
    return lock_until_ms(clock::deadline_ms(time));
  }
  bool try_lock_until(clock::time_point time) {
    return lock_until_ms(clock::to_ms(time));
  }
};

class recursive_mutex {
 public:
  void lock();
  bool try_lock();
  void unlock();

 private:
  SyncObject object_{"recursive_mutex"};
  uint32_t depth_ = 0;
};

}  // namespace formfuzz::sync

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_MUTEX_H_
