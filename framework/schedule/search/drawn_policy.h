// SPDX-License-Identifier: Apache-2.0
// The schedule of an input that says how switches are drawn, and not which.
// It keeps what it chose, so that the schedule can be listed afterwards.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_DRAWN_POLICY_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_DRAWN_POLICY_H_

#include <optional>
#include <vector>

#include "framework/schedule/policy.h"
#include "framework/schedule/schedule.h"
#include "framework/schedule/search/random_policies.h"

namespace formfuzz {

class DrawnPolicy final : public Policy {
 public:
  // `draw` draws something. Every run that follows is the same.
  void Follow(const Draw& draw) { draw_ = draw; }

  // Of the last run, or the one under way: where another than the usual task
  // went on. At most kSwitchesMax; `listed_all` tells whether there were more.
  const std::vector<Switch>& taken() const { return taken_; }
  bool listed_all() const { return listed_all_; }

  void Begin() override;
  uint8_t Choose(const Choice& choice) override;

 private:
  Draw draw_;
  std::optional<PriorityPolicy> priorities_;
  std::optional<RandomWalk> walk_;
  std::vector<Switch> taken_;
  bool listed_all_ = true;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_DRAWN_POLICY_H_
