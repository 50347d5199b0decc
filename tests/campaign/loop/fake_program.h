// SPDX-License-Identifier: Apache-2.0
// A program that is a function: what the loop's tests fuzz instead of
// processes. Fills in what an execution shows; deterministic.
#ifndef FORMFUZZ_TESTS_CAMPAIGN_LOOP_FAKE_PROGRAM_H_
#define FORMFUZZ_TESTS_CAMPAIGN_LOOP_FAKE_PROGRAM_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "campaign/process/executor.h"

namespace formfuzz::campaign {

class FakeProgram final : public Executor {
 public:
  // Counts in `cells`, says what it likes in `execution`.
  using Body =
      std::function<void(const ProgramInput& input, std::span<uint8_t> cells,
                         Execution& execution)>;
  FakeProgram(size_t cells, Body body, size_t batch_max = 1)
      : body_(std::move(body)), maps_(batch_max) {
    for (auto& map : maps_) map.resize(cells);
    can_.coverage_size = cells;
    can_.batch_max = batch_max;
    can_.persistent = batch_max > 1;
  }

  absl::Status Run(const ProgramInput& input, Execution& execution) override {
    if (fails_ > 0) {
      --fails_;
      return absl::UnavailableError("the environment has a bad moment");
    }
    RunInto(input, maps_[0], execution);
    return absl::OkStatus();
  }
  absl::StatusOr<size_t> RunBatch(std::span<const Bytes> inputs,
                                  std::span<Execution> executions) override {
    for (size_t i = 0; i < inputs.size(); ++i) {
      ProgramInput input;
      input.bytes = inputs[i];
      RunInto(input, maps_[i], executions[i]);
      if (executions[i].crashed || executions[i].hung()) return i + 1;
    }
    return inputs.size();
  }
  absl::Status RunTraced(const ProgramInput& input, Execution& execution,
                         std::vector<Comparison>& comparisons) override {
    if (compares_) comparisons = compares_(input.bytes);
    return Run(input, execution);
  }
  bool AffordsTrace() const override { return runs_ >= runs_to_trace_; }
  absl::Status Restart() override { return absl::OkStatus(); }
  const Capabilities& capabilities() const override { return can_; }

  // What a run with these bytes tells that it compared.
  void TellComparisons(
      std::function<std::vector<Comparison>(Bytes bytes)> compares) {
    compares_ = std::move(compares);
    can_.comparisons = true;
  }
  // It has no time to trace before so many runs.
  void TraceAfter(uint64_t runs) { runs_to_trace_ = runs; }
  void FailNext(int times) { fails_ = times; }
  uint64_t runs() const { return runs_; }

 private:
  void RunInto(const ProgramInput& input, std::vector<uint8_t>& map,
               Execution& execution) {
    ++runs_;
    std::fill(map.begin(), map.end(), uint8_t{0});
    execution = Execution{};
    execution.wall_ns = 1000;
    body_(input, map, execution);
    execution.coverage = map;
  }

  Body body_;
  std::function<std::vector<Comparison>(Bytes)> compares_;
  std::vector<std::vector<uint8_t>> maps_;
  Capabilities can_;
  uint64_t runs_ = 0;
  uint64_t runs_to_trace_ = 0;
  int fails_ = 0;
};

inline void Crash(Execution& execution, int signal) {
  execution.kind = ExitKind::kSignaled;
  execution.signal = signal;
  execution.crashed = true;
}

// Takes one more branch for each byte of `secret` that is right, and dies when
// all are.
inline FakeProgram::Body PasswordChecker(std::string secret) {
  return [secret](const ProgramInput& input, std::span<uint8_t> cells,
                  Execution& execution) {
    cells[0] = 1;
    for (size_t i = 0; i < secret.size(); ++i) {
      if (i >= input.bytes.size()) return;
      if (input.bytes[i] != static_cast<uint8_t>(secret[i])) return;
      cells[i + 1] = 1;
    }
    Crash(execution, 6);
  };
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_TESTS_CAMPAIGN_LOOP_FAKE_PROGRAM_H_
