// SPDX-License-Identifier: Apache-2.0
// What tasks wait for: the part that a mutex, a condition variable, a channel
// and the end of a task have in common.
//
// Belongs to whoever embeds it. What it holds is of one run; a scheduler that
// meets it in another run clears it first, so that objects of static storage
// begin every run unlocked.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_OBJECT_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_OBJECT_H_

#include <cstdint>

#include "framework/schedule/vector_clock.h"

namespace formfuzz {

inline constexpr uint8_t kNobody = 0xff;

struct SyncObject {
  constexpr explicit SyncObject(const char* what) : kind(what) {}
  SyncObject(const SyncObject&) = delete;
  SyncObject& operator=(const SyncObject&) = delete;

  const char* kind;         // "mutex", as a deadlock is told
  uint64_t run = 0;         // the run that the rest is of
  uint16_t ordinal = 0;     // the n-th object of its run that was used
  uint8_t owner = kNobody;  // the task that must act before waiters go on
  uint32_t sharers = 0;     // bit i: task i shares it
  uint32_t waiters = 0;     // bit i: task i is parked on it
  VectorClock clock;        // of those who released it
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_OBJECT_H_
