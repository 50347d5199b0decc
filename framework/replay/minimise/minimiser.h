// SPDX-License-Identifier: Apache-2.0
// Makes a failing scenario as small as it gets: tasks, steps, faults,
// preemptions, then values, each candidate played in a child and kept only if
// it fails in the same way.
//
// A candidate of several tasks with other steps has other yield points: where
// its switches no longer hit, they are moved to where others came before them,
// or one or two others are looked for. In the end every schedule with as few
// preemptions as possible is tried, which gives the certificate.
#ifndef FORMFUZZ_FRAMEWORK_REPLAY_MINIMISE_MINIMISER_H_
#define FORMFUZZ_FRAMEWORK_REPLAY_MINIMISE_MINIMISER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "framework/engine/session.h"
#include "framework/replay/isolate.h"
#include "framework/replay/minimise/schedule_search.h"

namespace formfuzz {

struct MinimiseLimits {
  size_t runs_max = 20'000;  // candidates
  uint64_t seconds = 0;      // 0: no limit; the certificate comes after it
};

struct Minimised {
  std::string input;
  IsolatedResult failure;   // of the input above
  std::string certificate;  // "" where no step is of another task
  size_t steps = 0;
  size_t runs = 0;              // candidates tried
  bool fails_each_time = true;  // otherwise this is the input as it was
};

class Minimiser {
 public:
  // Of the scenario that the session has loaded, which fails like `failure`.
  Minimiser(Session& session, Isolation& isolation, IsolatedResult failure)
      : session_(session),
        isolation_(isolation),
        failure_(std::move(failure)),
        schedules_(isolation) {}

  Minimised Run(const MinimiseLimits& limits);

 private:
  bool StillFails(Scenario& candidate);
  SearchLimits LimitsFor(const Scenario& scenario, SearchLimits limits) const;
  bool FailsAs(const Scenario& candidate);
  bool FindSwitches(Scenario& candidate);
  void ListSwitches(Scenario& scenario);
  std::string Certify(Scenario& scenario);
  ScheduleFound FewestPreemptions(const Scenario& scenario);
  void ListAsBegun(Scenario& scenario, ScheduleFound& found);

  Session& session_;
  Isolation& isolation_;
  IsolatedResult failure_;
  ScheduleSearch schedules_;
  Scenario smallest_;  // so far; its arguments are in the session's arena
  uint64_t end_ns_ = 0;
  size_t runs_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_REPLAY_MINIMISE_MINIMISER_H_
