// SPDX-License-Identifier: Apache-2.0
// What happened in a run, in order. Two runs of the same bytes make equal
// traces.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_TRACE_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_TRACE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/scenario/outcome.h"
#include "framework/scenario/scenario.h"
#include "framework/schedule/ending.h"
#include "framework/validate/verdict.h"

namespace formfuzz {

struct TraceStep {
  Outcome outcome = Outcome::Ok();
  std::optional<Outcome> predicted;  // by the model, where it has an opinion
  uint64_t state = 0;                // digest after the step, where declared
  uint64_t now_ms = 0;               // scenario time
  bool returned = true;              // it ran to its end, or
  bool threw = false;                // a fault threw: it may have had an effect
  // When it was called and came back, among steps of several tasks, from 1.
  uint32_t began = 0;
  uint32_t ended = 0;
  // The same in yield points: how many were reached by then.
  uint32_t began_yield = 0;
  uint32_t ended_yield = 0;
};

struct Trace {
  std::vector<TraceStep> steps;  // of one task: those that ran to their end
  size_t faults_fired = 0;
  std::vector<Passage> passages;  // from task to task
  uint32_t yields = 0;            // yield points reached

  void Clear() {
    steps.clear();
    faults_fired = 0;
    passages.clear();
    yields = 0;
  }
};

// Stable: labels, states, times and fired faults.
uint64_t DigestOf(const Trace& trace);

// What a switch came to: "leaves task 0 at mutex.lock", "changes nothing".
std::string TellSwitch(const Trace& trace, const Switch& entry);

// The scenario with what each step came to behind it, the failing step marked:
//   3  start vm vm1 by bob  -> ok   <- OneOwnerPerVm: vm1 has two owners
std::string PrintTrace(const Recipe& recipe, const Scenario& scenario,
                       const Trace& trace, const Verdict& verdict);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_TRACE_H_
