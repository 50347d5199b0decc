// SPDX-License-Identifier: Apache-2.0
// A stackful fiber: code with a stack of its own, which the thread it belongs
// to can leave in the middle and go back to.
//
// Boost.Context changes stacks; here is what else a change must take along:
// the sanitizers' idea of the current stack, and the exceptions being handled.
// A fiber belongs to the thread that made it.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_FIBER_FIBER_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_FIBER_FIBER_H_

#include <cstddef>
#include <cstdint>

namespace formfuzz {

// Virtual: pages that are not touched cost nothing. Room enough for what a
// thread does, and for telling of a death in it.
inline constexpr size_t kFiberStackBytes = 1 << 20;

class Fiber {
 public:
  // Never returns.
  using Entry = void (*)(void* argument);

  // Stands for the stack that the thread runs on already.
  Fiber() = default;
  // Begins with entry(argument) at the first switch to it. Its stack ends in
  // a page that nobody may touch.
  Fiber(Entry entry, void* argument);
  // Must not be current. Nothing that lives on the stack is destroyed.
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // From this fiber, which is the current one; returns when something
  // switches back.
  void SwitchTo(Fiber& next);

  // Keeps LeakSanitizer from taking for lost what only this stack refers to.
  void KeepReachable();

 private:
  static void Begin(void* from);
  void Arrive(void* from_context, Fiber& from);

  // What __cxa_get_globals points to, as the C++ ABI lays it down.
  struct Exceptions {
    void* caught = nullptr;
    unsigned int uncaught = 0;
  };

  void* context_ = nullptr;  // where it was left
  void* stack_ = nullptr;    // its lowest address; null: of the thread
  size_t stack_bytes_ = 0;
  Entry entry_ = nullptr;
  void* argument_ = nullptr;
  void* fake_stack_ = nullptr;    // AddressSanitizer's
  void* thread_state_ = nullptr;  // ThreadSanitizer's
  Exceptions exceptions_;
  bool kept_reachable_ = false;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_FIBER_FIBER_H_
