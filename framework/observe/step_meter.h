// SPDX-License-Identifier: Apache-2.0
// What one step costs: allocations and their bytes, edges of instrumented
// code, instructions, CPU time.
//
// Allocations are counted where a sanitizer's hooks are, edges where code has
// inline 8-bit counters: both are the same in every run of the same step.
// Such a counter wraps, so an edge counts at most 255 times a step: less than
// the truth, never more. Instructions of this thread in user mode are counted
// where the kernel lets us (the same within a percent). CPU time is for people
// to read: no verdict rests on it. For the thread that made the meter.
#ifndef FORMFUZZ_FRAMEWORK_OBSERVE_STEP_METER_H_
#define FORMFUZZ_FRAMEWORK_OBSERVE_STEP_METER_H_

#include <cstdint>
#include <vector>

namespace formfuzz {

struct StepCost {
  uint64_t allocations = 0;
  uint64_t bytes = 0;  // allocated, freed again or not
  uint64_t edges = 0;
  uint64_t instructions = 0;
};

class StepMeter {
 public:
  StepMeter();
  ~StepMeter();
  StepMeter(const StepMeter&) = delete;
  StepMeter& operator=(const StepMeter&) = delete;

  static bool counts_allocations();
  static bool counts_edges();
  bool counts_instructions() const { return perf_fd_ >= 0; }

  void Begin();
  StepCost End();

 private:
  StepCost Now() const;

  int perf_fd_;
  StepCost begin_;
  std::vector<uint8_t> edges_begin_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_OBSERVE_STEP_METER_H_
