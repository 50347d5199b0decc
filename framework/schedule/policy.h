// SPDX-License-Identifier: Apache-2.0
// Who goes on at a yield point: the one place where schedules come from.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_POLICY_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_POLICY_H_

#include <bit>
#include <cstdint>

namespace formfuzz {

// At least two tasks are ready, or the current one is not.
struct Choice {
  uint32_t yield;      // the n-th yield point reached, from 0
  uint32_t ready;      // bit i: task i can go on; never 0
  uint8_t current;     // who reached it
  uint8_t usual;       // who goes on unless something speaks against it; ready
  bool is_preemption;  // taking another than `usual` interrupts the current

  bool IsReady(uint8_t task) const {
    return task < 32 && (ready >> task & 1) != 0;
  }
};

class Policy {
 public:
  virtual ~Policy() = default;

  virtual void Begin() {}
  // A ready task.
  virtual uint8_t Choose(const Choice& choice) = 0;
  // Before this yield point the policy takes whoever is usual, and need not be
  // asked. `now`: the next yield point.
  virtual uint32_t AskAgainAt(uint32_t now) const { return now; }
};

// The first ready task after `task`, in a circle; `ready` is not 0.
inline uint8_t NextReady(uint32_t ready, uint8_t task) {
  const uint32_t after = ready & ~((uint32_t{2} << task) - 1);
  return static_cast<uint8_t>(std::countr_zero(after != 0 ? after : ready));
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_POLICY_H_
