// SPDX-License-Identifier: Apache-2.0
// The schedule of a scenario: where it leaves one task for another.
//
// The default is to continue, so an empty schedule is the serial run and
// every entry is one preemption.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SCHEDULE_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SCHEDULE_H_

#include <cstddef>
#include <cstdint>

namespace formfuzz {

inline constexpr size_t kTasksMax = 8;      // of one scenario
inline constexpr size_t kSwitchesMax = 64;  // preemptions; more teach nothing

struct Switch {
  uint16_t yield;  // the n-th yield point reached, from 0
  uint8_t task;    // who goes on

  friend bool operator==(const Switch&, const Switch&) = default;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SCHEDULE_H_
