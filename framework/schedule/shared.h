// SPDX-License-Identifier: Apache-2.0
// A variable that tasks share: every access is a yield point, and is checked
// to be ordered with those of other tasks.
//
//   Shared<int> balance_{"balance", 0};
//   balance_.store(balance_.load() + 1);
//
// Two accesses of different tasks, one of them a write, must be ordered by
// what synchronises (a lock, an atomic, the end of a thread): happens-before
// as FastTrack decides it (Flanagan and Freund, PLDI 2009), on every run,
// whatever order the schedule happened to take. An unordered pair is a data
// race and is reported with both places. Production code has a plain T.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SHARED_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SHARED_H_

#include <array>
#include <cstdint>
#include <source_location>
#include <utility>

#include "framework/schedule/sync_object.h"
#include "framework/schedule/yield.h"

namespace formfuzz {

// What does not depend on the type.
class SharedAccesses {
 public:
  explicit SharedAccesses(YieldSite site) : site_(site) {}

  void Read(std::source_location where);
  void Write(std::source_location where);

 private:
  // When a task last did it, by its own clock; 0: never in this run.
  struct Access {
    uint32_t tick = 0;
    std::source_location where;
  };

  // A yield point; false outside of a run.
  bool Enter();
  void Judge(const Access& earlier, uint8_t by, const char* verbs,
             std::source_location where) const;

  YieldSite site_;
  uint64_t run_ = 0;
  uint8_t writer_ = kNobody;
  Access write_;
  uint32_t readers_ = 0;  // bit i: task i read since the last write
  std::array<Access, kRunningTasksMax> reads_;
};

template <class T>
class Shared {
 public:
  // `name`: as a data race is told, and as its yield points are called.
  explicit Shared(YieldSite name, T value = T())
      : accesses_(name), value_(std::move(value)) {}
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  T load(std::source_location where = std::source_location::current()) const {
    accesses_.Read(where);
    return value_;
  }
  void store(T value,
             std::source_location where = std::source_location::current()) {
    accesses_.Write(where);
    value_ = std::move(value);
  }

 private:
  mutable SharedAccesses accesses_;
  T value_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SHARED_H_
