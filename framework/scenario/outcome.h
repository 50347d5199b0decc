// SPDX-License-Identifier: Apache-2.0
// What a step came to: done, or refused with a reason.
#ifndef FORMFUZZ_FRAMEWORK_SCENARIO_OUTCOME_H_
#define FORMFUZZ_FRAMEWORK_SCENARIO_OUTCOME_H_

#include <string_view>

#include "absl/status/status.h"

namespace formfuzz {

// Labels are short words with static lifetime ("ok", "quota_exceeded"): they
// are coverage, text of traces and what a model is compared with.
class Outcome {
 public:
  static constexpr Outcome Ok() { return {"ok", true}; }
  static constexpr Outcome Refused(std::string_view reason) {
    return {reason, false};
  }

  constexpr bool ok() const { return ok_; }
  constexpr std::string_view label() const { return label_; }

  // Mostly both have the same constant for a label.
  friend constexpr bool operator==(Outcome a, Outcome b) {
    if (a.ok_ != b.ok_ || a.label_.size() != b.label_.size()) return false;
    return a.label_.data() == b.label_.data() || a.label_ == b.label_;
  }

 private:
  constexpr Outcome(std::string_view label, bool ok) : label_(label), ok_(ok) {}

  std::string_view label_;
  bool ok_;
};

// What steps may return besides an Outcome: bool, absl::Status, nothing.
inline Outcome ToOutcome(Outcome outcome) { return outcome; }
inline Outcome ToOutcome(bool ok) {
  return ok ? Outcome::Ok() : Outcome::Refused("refused");
}
Outcome ToOutcome(const absl::Status& status);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCENARIO_OUTCOME_H_
