// SPDX-License-Identifier: Apache-2.0
// Feedback that sees few things an execution, each of which it can number: the
// base of those that look at output, time and memory. Not for edges: every
// execution makes a list.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_FEEDBACK_NUMBERED_H_
#define FORMFUZZ_CAMPAIGN_LOOP_FEEDBACK_NUMBERED_H_

#include <memory>
#include <string_view>
#include <vector>

#include "campaign/loop/feedback/feedback.h"

namespace formfuzz::campaign {

class NumberedFeedback : public Feedback {
 public:
  Observation Observe(const Execution& execution) final;
  void Features(const Execution& execution, Feature base,
                std::vector<Feature>* features) final;
  void Learn(uint32_t number) final;
  bool HasLearnt(uint32_t number) const final {
    return number < learnt_.size() && learnt_[number];
  }
  uint64_t learnt() const final { return learnt_count_; }
  uint64_t singletons() const final { return singletons_; }

 protected:
  // Appends what the execution shows, in any order, perhaps twice.
  virtual void Numbers(const Execution& execution,
                       std::vector<uint32_t>* numbers) = 0;

 private:
  const std::vector<uint32_t>& Look(const Execution& execution);

  std::vector<uint32_t> numbers_;  // of the execution looked at last
  std::vector<bool> learnt_;
  std::vector<uint8_t> counts_;  // of executions, up to 2
  uint64_t learnt_count_ = 0;
  uint64_t singletons_ = 0;
};

// How it ended, and what it wrote, line by line: by its form, in which letters,
// digits and blanks are each alike, and by its words, up to a bound.
std::unique_ptr<Feedback> MakeOutputFeedback();
// Every doubling of the longest time, from 16 ms, and of the largest memory,
// from 16 MiB: what makes programs slow or large is sought.
std::unique_ptr<Feedback> MakeTimeFeedback();
std::unique_ptr<Feedback> MakeMemoryFeedback();
// What the program says of its state: lines of its output that begin with
// "formfuzz state: ".
std::unique_ptr<Feedback> MakeStateFeedback();

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_FEEDBACK_NUMBERED_H_
