// SPDX-License-Identifier: Apache-2.0
// Runs inputs, and keeps on when the environment has a bad moment.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_RUN_RUNNER_H_
#define FORMFUZZ_CAMPAIGN_LOOP_RUN_RUNNER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/loop/form/input_form.h"
#include "campaign/loop/run/events.h"
#include "campaign/process/executor.h"

namespace formfuzz::campaign {

class Runner {
 public:
  // All outlive it.
  Runner(Executor& executor, InputForm& form, const Events& events)
      : executor_(executor), form_(form), events_(events) {}

  // What executions borrow is valid until the next run. An error is one that
  // stayed when it was tried again with everything started afresh.
  absl::Status Run(Bytes input, Execution& execution);
  // The same, adding what the program compared.
  absl::Status RunTraced(Bytes input, std::vector<Comparison>& comparisons);
  bool AffordsTrace() const { return executor_.AffordsTrace(); }
  // As many as the executor takes at once, at least one; how many it ran.
  absl::StatusOr<size_t> RunBatch(std::span<const Bytes> inputs,
                                  std::span<Execution> executions);

  size_t batch_max() const {
    return form_.plain() ? executor_.capabilities().batch_max : 1;
  }
  uint64_t executions() const { return executions_; }
  uint64_t busy_ns() const { return busy_ns_; }  // in the program

 private:
  Executor& executor_;
  InputForm& form_;
  const Events& events_;
  ProgramInput program_;
  uint64_t executions_ = 0;
  uint64_t busy_ns_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_RUN_RUNNER_H_
