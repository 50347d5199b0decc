// SPDX-License-Identifier: Apache-2.0
// How far a traced run of an unmodified program may be gone through instruction
// by instruction. A step takes a hundred to a thousand times as long as the
// instruction, and on some virtual machines ten times that again. So runs earn
// half of their time for it: a program of few instructions may be traced as
// often as one likes, and one of many now and then. What must be repeatable
// goes by a number of steps instead, which no clock has a say in. What was
// begun goes on for a while on credit.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_STEP_BUDGET_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_STEP_BUDGET_H_

#include <algorithm>
#include <cstdint>

namespace formfuzz::campaign {

class StepBudget {
 public:
  static constexpr uint32_t kStepsMax = 100'000;  // of one run

  explicit StepBudget(bool repeatable) : repeatable_(repeatable) {}

  // An ordinary run took so long.
  void Earn(uint64_t wall_ns) {
    steps_left_ = std::min(steps_left_ + kStepsEarned, kStepsAtFirst);
    left_ns_ = std::min(left_ns_ + Signed(wall_ns) / 2, kAtFirstNs);
  }

  // As at first, whatever was spent and hung: who asks for traced runs bounds
  // them.
  void Renew() {
    steps_left_ = kStepsAtFirst;
    left_ns_ = kAtFirstNs;
    hangs_ = 0;
  }

  // Nothing is owed.
  bool HasLeft() const { return (repeatable_ ? steps_left_ : left_ns_) > 0; }

  // Of the traced run that is next.
  uint32_t steps() const {
    if (hangs_ >= kHangsMax) return 0;
    const int64_t lent_ns = step_is_known_ ? kOwedNsMax : 0;
    const int64_t steps = repeatable_ ? steps_left_ + kStepsOwedMax
                                      : (left_ns_ + lent_ns) / step_ns_;
    return static_cast<uint32_t>(std::clamp<int64_t>(steps, 0, kStepsMax));
  }

  // It made so many and took so long.
  void Spend(uint32_t steps, uint64_t wall_ns) {
    steps_left_ -= std::min(steps, kStepsMax);
    if (steps >= kStepsTelling) {
      step_is_known_ = true;
      step_ns_ = std::clamp(Signed(wall_ns) / steps, kStepNsMin, kStepNsMax);
    }
    left_ns_ -= std::min(Signed(wall_ns), steps * step_ns_);
  }

  // After a few runs one after another that were gone through and did not end
  // in time none is.
  void Ended(bool in_time) { hangs_ = in_time ? 0 : hangs_ + 1; }

 private:
  static constexpr int64_t kStepsEarned = 100;
  static constexpr int64_t kStepsAtFirst = 200'000;  // and ever
  static constexpr int64_t kStepsOwedMax = 1'000'000;
  static constexpr int64_t kAtFirstNs = 200'000'000;  // and ever
  static constexpr int64_t kOwedNsMax = 1'000'000'000;
  static constexpr int kHangsMax = 3;
  // Fewer hardly take longer than all else that a run does.
  static constexpr uint32_t kStepsTelling = 1000;
  static constexpr int64_t kStepNsMin = 100;
  static constexpr int64_t kStepNsMax = 100'000;

  static int64_t Signed(uint64_t ns) {
    return static_cast<int64_t>(std::min<uint64_t>(ns, INT64_MAX / 4));
  }

  bool repeatable_;
  int64_t steps_left_ = kStepsAtFirst;
  int64_t left_ns_ = kAtFirstNs;
  int64_t step_ns_ = 10'000;  // until it is known
  bool step_is_known_ = false;
  int hangs_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_EXECUTORS_STEP_BUDGET_H_
