// SPDX-License-Identifier: Apache-2.0
// Yield points: places where the schedule of a scenario may leave one task for
// another.
//
//   FORMFUZZ_YIELD("state_store.commit");
//
// A component may include this header: header-only, and unless it is compiled
// for fuzzing (FORMFUZZ_FUZZING) the macro is nothing. Names are dotted paths.
// Outside of a run with tasks a yield point costs one comparison.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_YIELD_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_YIELD_H_

#include <cstdint>

namespace formfuzz {

// A place in code. Lives as long as the program; its hash is that of its name,
// and so the same in every build.
struct YieldSite {
  consteval YieldSite(const char* text) : name(text), hash(0) {
    uint32_t sum = 2166136261u;  // FNV-1a
    for (const char* at = text; *at != '\0'; ++at) {
      sum = (sum ^ static_cast<uint8_t>(*at)) * 16777619u;
    }
    hash = sum;
  }

  const char* name;
  uint32_t hash;
};

// Who is told. Only the scheduler is one.
class YieldListener {
 public:
  virtual void Reached(const YieldSite& site) = 0;

 protected:
  ~YieldListener() = default;
};

namespace internal {
// Of the calling thread; null unless it runs tasks. The interface of std::
// leaves no other way to hand it to a mutex.
inline constinit thread_local YieldListener* yield_listener = nullptr;
}  // namespace internal

// While it lives this thread runs no task: for what comes between, such as a
// signal's handler, and must find locks and clocks as they are.
class OutsideTasks {
 public:
  OutsideTasks() : listener_(internal::yield_listener) {
    internal::yield_listener = nullptr;
  }
  ~OutsideTasks() { internal::yield_listener = listener_; }
  OutsideTasks(const OutsideTasks&) = delete;
  OutsideTasks& operator=(const OutsideTasks&) = delete;

 private:
  YieldListener* listener_;
};

// For mocks and harnesses, which exist for fuzzing alone.
inline void YieldAt(const YieldSite& site) {
  if (internal::yield_listener != nullptr) {
    internal::yield_listener->Reached(site);
  }
}

}  // namespace formfuzz

#ifdef FORMFUZZ_FUZZING
#define FORMFUZZ_YIELD(name)                                      \
  do {                                                            \
    static constexpr ::formfuzz::YieldSite formfuzz_yield_{name}; \
    ::formfuzz::YieldAt(formfuzz_yield_);                         \
  } while (false)
#else
#define FORMFUZZ_YIELD(name) static_cast<void>(0)
#endif

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_YIELD_H_
