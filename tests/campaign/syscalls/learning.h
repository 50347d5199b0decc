// SPDX-License-Identifier: Apache-2.0
// What tests of the learner have in common.
#ifndef FORMFUZZ_TESTS_CAMPAIGN_SYSCALLS_LEARNING_H_
#define FORMFUZZ_TESTS_CAMPAIGN_SYSCALLS_LEARNING_H_

#include <algorithm>
#include <cstdint>
#include <string>

#include "campaign/syscalls/learn/learner.h"

namespace formfuzz::campaign {

// Only ever ended by a number of runs: time is another's on a busy machine.
inline constexpr uint64_t kForeverMs = uint64_t{1} << 40;

inline LearnOptions OptionsFor(const std::string& program) {
  LearnOptions options;
  options.command = {program};
  options.time_ms = 0;
  options.idle_ms = 0;
  options.runs_max = 12'000;
  return options;
}

inline bool HasFound(const Learner& learner, uint32_t number) {
  return std::ranges::any_of(
      learner.discoveries().items(),
      [number](const auto& item) { return item.first.number == number; });
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_TESTS_CAMPAIGN_SYSCALLS_LEARNING_H_
