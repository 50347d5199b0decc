// SPDX-License-Identifier: Apache-2.0
// The schedule of an input: a list of switches, each one preemption, and by
// default whoever runs goes on.
//
// An entry that names a task which cannot go on, or a yield point never
// reached, does nothing; a schedule edited by mutation or shrinking always
// means something.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_SWITCH_POLICY_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_SWITCH_POLICY_H_

#include <cstddef>
#include <span>
#include <vector>

#include "framework/schedule/policy.h"
#include "framework/schedule/schedule.h"

namespace formfuzz {

class SwitchPolicy final : public Policy {
 public:
  // Copies the list; of two entries at one yield point the later one counts.
  void Follow(std::span<const Switch> switches);

  std::span<const Switch> in_order() const { return switches_; }

  void Begin() override { next_ = 0; }
  uint8_t Choose(const Choice& choice) override;
  uint32_t AskAgainAt(uint32_t now) const override;

 private:
  std::vector<Switch> switches_;  // ascending
  mutable size_t next_ = 0;       // those before it are past
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_SWITCH_POLICY_H_
