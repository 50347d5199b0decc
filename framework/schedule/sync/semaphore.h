// SPDX-License-Identifier: Apache-2.0
// std::counting_semaphore for tasks.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_SEMAPHORE_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_SEMAPHORE_H_

#include <cstddef>
#include <limits>

#include "framework/schedule/sync/clock.h"
#include "framework/schedule/sync_object.h"

namespace formfuzz::sync {

// What does not depend on the greatest value.
class semaphore_base {
 public:
  void acquire();
  bool try_acquire();
  void release(std::ptrdiff_t update = 1);
  bool try_acquire_until(clock::time_point time);
  template <class Rep, class Period>
  bool try_acquire_for(const std::chrono::duration<Rep, Period>& time) {
    return try_acquire_until(clock::now() +
                             std::chrono::ceil<clock::duration>(time));
  }

 protected:
  constexpr explicit semaphore_base(std::ptrdiff_t desired) : left_(desired) {}

 private:
  bool acquire_until_ms(uint64_t deadline_ms);

  SyncObject object_{"semaphore"};
  std::ptrdiff_t left_;
};

template <std::ptrdiff_t kMax = std::numeric_limits<std::ptrdiff_t>::max()>
class counting_semaphore : public semaphore_base {
 public:
  constexpr explicit counting_semaphore(std::ptrdiff_t desired)
      : semaphore_base(desired) {}
  static constexpr std::ptrdiff_t max() { return kMax; }
};

using binary_semaphore = counting_semaphore<1>;

}  // namespace formfuzz::sync

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_SEMAPHORE_H_
