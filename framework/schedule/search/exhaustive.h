// SPDX-License-Identifier: Apache-2.0
// Every schedule with at most so many preemptions (Musuvathi and Qadeer, PLDI
// 2007): first none, then one, and so on, so that the first that fails has as
// few as possible. What follows where a task waits or ends is free.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_EXHAUSTIVE_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_EXHAUSTIVE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "framework/schedule/ending.h"
#include "framework/schedule/policy.h"
#include "framework/schedule/schedule.h"

namespace formfuzz {

// What is bounded: preemptions alone, or every choice against what is usual,
// of which there are far fewer combinations.
enum class Bounded : uint8_t { kPreemptions, kDeviations };

// Goes through the schedules, one a run.
class ExhaustivePolicy final : public Policy {
 public:
  explicit ExhaustivePolicy(uint32_t most,
                            Bounded bounded = Bounded::kPreemptions,
                            uint32_t choosable = ~uint32_t{0})
      : most_(most), bounded_(bounded), choosable_(choosable) {}

  // To be called after each run: false once there is no other schedule.
  bool Advance();
  // The run did not meet the choices that the one before it met.
  bool has_strayed() const { return strayed_; }
  // Where the last run took another than the usual task.
  std::vector<Switch> switches() const;
  uint32_t preemptions() const;
  uint32_t most() const { return most_; }

  void Begin() override { depth_ = 0; }
  uint8_t Choose(const Choice& choice) override;

 private:
  struct Node {
    Choice choice;
    uint32_t untried;  // ready tasks not taken yet
    uint8_t taken;
    uint32_t spent;  // of what is bounded, before it
  };
  static bool Preempts(const Node& node) {
    return node.choice.is_preemption && node.taken != node.choice.usual;
  }

  bool MayDeviate(const Choice& choice, uint32_t spent) const {
    return spent < most_ ||
           (bounded_ == Bounded::kPreemptions && !choice.is_preemption);
  }
  bool Spends(const Node& node) const {
    return bounded_ == Bounded::kPreemptions ? Preempts(node)
                                             : node.taken != node.choice.usual;
  }

  uint32_t most_;
  Bounded bounded_;
  uint32_t choosable_;
  std::vector<Node> path_;
  size_t depth_ = 0;   // choices met in this run
  size_t prefix_ = 0;  // choices that this run takes over from the last
  bool strayed_ = false;
};

struct SearchLimits {
  uint32_t preemptions_max = 2;  // or deviations
  uint64_t runs_max = 100'000;
  Bounded bounded = Bounded::kPreemptions;
  // Bit i: task i may be chosen against what is usual. A scenario's switches
  // name its own tasks alone, not the threads that a component starts.
  uint32_t choosable = ~uint32_t{0};
};

struct SearchResult {
  bool found = false;        // a schedule that fails
  uint32_t preemptions = 0;  // that it has; the fewest possible
  std::vector<Switch> switches;
  std::vector<uint64_t> runs;  // by the number of preemptions allowed
  bool complete = false;       // nothing was left out for want of runs
  bool strayed = false;        // the same choices made another run
};

// `fails` plays one run under the policy it is given.
SearchResult SearchExhaustively(absl::FunctionRef<bool(Policy&)> fails,
                                const SearchLimits& limits = {});

// "fails with 1 preemption: at yield 7 (balance) from task 0 to task 1; with 0
// preemptions all 6 schedules pass". `ending` is of a run of the switches.
std::string CertificateOf(const SearchResult& result, const Ending& ending);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_EXHAUSTIVE_H_
