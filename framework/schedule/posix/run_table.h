// SPDX-License-Identifier: Apache-2.0
// What the scheduler knows of a C library's objects, found by their addresses.
//
// An entry is of one run: a run that finds none begins with T{}, so that what
// was left locked by the run before is free. Never allocates; what is beyond
// kMax objects of a kind in one run ends the process with a message.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_RUN_TABLE_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_RUN_TABLE_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "framework/base/check.h"

namespace formfuzz {

template <class T, size_t kMax = 1024>
class RunTable {
  static_assert(std::has_single_bit(kMax));

 public:
  // Of run `run`, which is not 0.
  T& Of(const volatile void* address, uint64_t run) {
    Slot& slot = SlotOf(address, run);
    if (slot.run != run) {
      slot.address = address;
      slot.run = run;
      Renew(slot.value);
    }
    return slot.value;
  }
  // What stands at the address from now on is another object.
  void Forget(const volatile void* address, uint64_t run) {
    Slot& slot = SlotOf(address, run);
    if (slot.run == run) Renew(slot.value);
  }

 private:
  struct Slot {
    const volatile void* address = nullptr;
    uint64_t run = 0;
    T value;
  };

  static void Renew(T& value) {
    std::destroy_at(&value);
    std::construct_at(&value);
  }

  // Entries of this run are never removed, so a chain of them has no holes.
  Slot& SlotOf(const volatile void* address, uint64_t run) {
    const auto bits = reinterpret_cast<uintptr_t>(address);
    size_t at = (bits ^ bits >> 12) / alignof(uint64_t) % kMax;
    for (size_t tried = 0; tried < kMax; ++tried) {
      Slot& slot = slots_[at];
      if (slot.run != run || slot.address == address) return slot;
      at = (at + 1) % kMax;
    }
    FORMFUZZ_CHECK(false,
                   "one run uses more than 1024 locks, conditions or "
                   "semaphores of a kind");
  }

  std::array<Slot, kMax> slots_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_RUN_TABLE_H_
