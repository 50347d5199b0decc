// SPDX-License-Identifier: Apache-2.0
// std::shared_mutex for tasks. It prefers nobody: whoever comes when it is
// free for them gets in, so readers may starve a writer.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_SHARED_MUTEX_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_SHARED_MUTEX_H_

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

 private:
  SyncObject object_{"shared_mutex"};
  // What readers did, for the next writer alone: they do not order each other.
  SyncObject reads_{"shared_mutex"};
};

}  // namespace formfuzz::sync

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_SHARED_MUTEX_H_
