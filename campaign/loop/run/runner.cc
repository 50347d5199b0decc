// SPDX-License-Identifier: Apache-2.0
// Running, with a second and a third chance.
#include "campaign/loop/run/runner.h"

namespace formfuzz::campaign {
namespace {

constexpr int kTries = 3;

}  // namespace

absl::Status Runner::Run(Bytes input, Execution& execution) {
  form_.Fill(input, program_);
  absl::Status status = executor_.Run(program_, execution);
  for (int tries = 1; !status.ok() && tries < kTries; ++tries) {
    status = executor_.Restart();
    if (status.ok()) status = executor_.Run(program_, execution);
  }
  if (!status.ok()) return status;
  ++executions_;
  busy_ns_ += execution.wall_ns;
  Tell(events_.OnExecution, input, execution);
  return absl::OkStatus();
}

absl::Status Runner::RunTraced(Bytes input,
                               std::vector<Comparison>& comparisons) {
  form_.Fill(input, program_);
  Execution execution;
  absl::Status status = executor_.RunTraced(program_, execution, comparisons);
  if (!status.ok()) return executor_.Restart();
  ++executions_;
  busy_ns_ += execution.wall_ns;
  return absl::OkStatus();
}

absl::StatusOr<size_t> Runner::RunBatch(std::span<const Bytes> inputs,
                                        std::span<Execution> executions) {
  if (inputs.size() == 1) {
    const absl::Status status = Run(inputs[0], executions[0]);
    if (!status.ok()) return status;
    return 1;
  }
  absl::StatusOr<size_t> ran = executor_.RunBatch(inputs, executions);
  for (int tries = 1; !ran.ok() && tries < kTries; ++tries) {
    const absl::Status status = executor_.Restart();
    if (status.ok()) ran = executor_.RunBatch(inputs, executions);
  }
  if (!ran.ok()) return ran.status();
  executions_ += *ran;
  for (size_t i = 0; i < *ran; ++i) {
    busy_ns_ += executions[i].wall_ns;
    Tell(events_.OnExecution, inputs[i], executions[i]);
  }
  return ran;
}

}  // namespace formfuzz::campaign
