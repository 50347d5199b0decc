// SPDX-License-Identifier: Apache-2.0
// What happens before what: vector clocks (Mattern, 1989) of a fixed number
// of tasks, small enough to be joined in a few instructions.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_VECTOR_CLOCK_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_VECTOR_CLOCK_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace formfuzz {

// Tasks of a scenario together with the threads that the component starts.
inline constexpr uint8_t kRunningTasksMax = 16;

class VectorClock {
 public:
  uint32_t of(uint8_t task) const { return ticks_[task]; }
  void Tick(uint8_t task) { ++ticks_[task]; }
  void Join(const VectorClock& other) {
    for (size_t i = 0; i < ticks_.size(); ++i) {
      ticks_[i] = std::max(ticks_[i], other.ticks_[i]);
    }
  }
  void Clear() { ticks_.fill(0); }

 private:
  std::array<uint32_t, kRunningTasksMax> ticks_{};
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_VECTOR_CLOCK_H_
