// SPDX-License-Identifier: Apache-2.0
// The schedule of a scenario: where it leaves one task for another.
//
// The default is to continue, so an empty schedule is the serial run and
// every entry of a list is one preemption. Instead of a list, a schedule may
// say how its switches are drawn: one that fails is then made a list, which
// shrinks (framework/replay/minimise).
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

enum class DrawnBy : uint8_t {
  kNothing,     // the switches are listed
  kPriorities,  // probabilistic concurrency testing
  kRandomWalk,  // any ready task at every yield point
};

struct Draw {
  static constexpr uint8_t kDepthMax = 4;
  static constexpr uint8_t kScaleMax = 7;

  DrawnBy by = DrawnBy::kNothing;
  // Of priorities: 1 + how often they change; among how many yield points.
  uint8_t depth = 1;  // to kDepthMax
  uint8_t scale = 0;  // to kScaleMax
  uint16_t seed = 0;

  uint32_t yields() const { return uint32_t{16} << scale; }
  // The least that reaches so many, or the greatest.
  static constexpr uint8_t ScaleFor(uint32_t yields) {
    uint8_t scale = 0;
    while (scale < kScaleMax && uint32_t{16} << scale < yields) ++scale;
    return scale;
  }
  explicit operator bool() const { return by != DrawnBy::kNothing; }
  friend bool operator==(const Draw&, const Draw&) = default;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SCHEDULE_H_
