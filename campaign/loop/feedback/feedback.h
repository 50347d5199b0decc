// SPDX-License-Identifier: Apache-2.0
// What an execution showed that is worth remembering, as features: small
// numbers, each learnt once.
//
// The laws, which tests/campaign/loop/feedback_laws.h checks for each kind:
// Features depends on the execution alone, is sorted and has no feature twice;
// Observe is fresh exactly if one of them was not learnt; what was learnt stays
// learnt. Whatever the program did, numbers stay below kNumbersMax.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_FEEDBACK_FEEDBACK_H_
#define FORMFUZZ_CAMPAIGN_LOOP_FEEDBACK_FEEDBACK_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "campaign/loop/queue/entry.h"
#include "campaign/process/execution.h"

namespace formfuzz::campaign {

struct Observation {
  bool fresh = false;  // shows what was not learnt
  uint64_t path = 0;   // digest: equal for executions that showed the same
};

class Feedback {
 public:
  static constexpr uint32_t kNumbersMax = kFeatureMask;

  virtual ~Feedback() = default;
  virtual std::string_view name() const = 0;

  // Counts the execution. On the path of every execution.
  virtual Observation Observe(const Execution& execution) = 0;
  // All that it shows, appended in rising order; `base` is added to each.
  virtual void Features(const Execution& execution, Feature base,
                        std::vector<Feature>* features) = 0;
  // By number, without base.
  virtual void Learn(uint32_t number) = 0;
  virtual bool HasLearnt(uint32_t number) const = 0;
  virtual uint64_t learnt() const = 0;
  // Numbers that exactly one of the observed executions showed: what the
  // Good-Turing estimate is made from.
  virtual uint64_t singletons() const = 0;
};

// Several at once: fresh if it is to one of them.
class FeedbackSet {
 public:
  // "edges", "output", "time", "memory", "states", divided by commas; "auto"
  // is edges where there are any, else output. InvalidArgument names them.
  static absl::StatusOr<FeedbackSet> Make(std::string_view names,
                                          size_t coverage_size);

  Observation Observe(const Execution& execution);
  void Features(const Execution& execution, std::vector<Feature>* features);
  void Learn(std::span<const Feature> features);
  bool HasLearnt(Feature feature) const;

  uint64_t learnt() const;  // of all
  uint64_t executions() const { return executions_; }
  // The chance that the next execution shows something new, at most 1, from
  // what exactly one showed so far (Good, Biometrika 1953; for fuzzing: Böhme,
  // TOSEM 2018). 1 before there was any.
  double Residual() const;
  std::span<const std::unique_ptr<Feedback>> parts() const { return parts_; }

 private:
  std::vector<std::unique_ptr<Feedback>> parts_;
  uint64_t executions_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_FEEDBACK_FEEDBACK_H_
