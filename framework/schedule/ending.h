// SPDX-License-Identifier: Apache-2.0
// How a run of tasks ended, and where it went from one task to another.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_ENDING_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_ENDING_H_

#include <cstdint>
#include <string>
#include <vector>

namespace formfuzz {

// One task left for another, or (from == to) kept against what is usual.
struct Passage {
  uint32_t yield;  // the n-th yield point reached, from 0
  uint8_t from;
  uint8_t to;
  bool chosen;       // by the policy, against what was usual
  bool preempted;    // `from` was interrupted: it could have gone on
  const char* left;  // the site where `from` stands; null: it has ended
  const char* gone;  // the site where `to` goes on; null: it begins
  uint64_t pair;     // of the two sites, the same in every build
};

struct Ending {
  enum class Kind : uint8_t {
    kFinished,    // every task ended
    kDeadlocked,  // every task that has not ended waits for another
    kLivelocked,  // more yield points than allowed: they run and get nowhere
  };

  Kind kind = Kind::kFinished;
  std::string message;  // who waits for what; who ran on
  std::string race;     // the first data race, if any was seen
  uint32_t yields = 0;  // yield points reached
  std::vector<Passage> passages;

  bool finished() const { return kind == Kind::kFinished; }
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_ENDING_H_
