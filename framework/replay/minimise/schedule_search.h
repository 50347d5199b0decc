// SPDX-License-Identifier: Apache-2.0
// Looks for the schedule with the fewest preemptions under which a scenario
// fails in a known way.
//
// All runs are in one forked child, so that they cost microseconds. A schedule
// that kills the child is found as well: whoever records the death knows which
// it was.
#ifndef FORMFUZZ_FRAMEWORK_REPLAY_MINIMISE_SCHEDULE_SEARCH_H_
#define FORMFUZZ_FRAMEWORK_REPLAY_MINIMISE_SCHEDULE_SEARCH_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/replay/isolate.h"
#include "framework/schedule/schedule.h"
#include "framework/schedule/search/exhaustive.h"

namespace formfuzz {

struct ScheduleFound {
  SearchResult result;
  std::string certificate;  // CertificateOf(result, …)
  // Steps in the order in which they began then; those that did not, last.
  std::vector<size_t> order;
};

class ScheduleSearch {
 public:
  explicit ScheduleSearch(Isolation& isolation);
  ~ScheduleSearch();
  ScheduleSearch(const ScheduleSearch&) = delete;
  ScheduleSearch& operator=(const ScheduleSearch&) = delete;

  // `failure`: what counts; whatever else goes wrong does not.
  ScheduleFound Run(Bytes input, const IsolatedResult& failure,
                    const SearchLimits& limits);

  // `switches` for an input that some steps were taken out of: those behind
  // them are at earlier yield points, and one that led to them may be too much.
  // Nothing where the input fails with no such list that was tried.
  std::optional<std::vector<Switch>> Move(Bytes input,
                                          std::span<const Switch> switches,
                                          const IsolatedResult& failure);

  // What a drawn schedule of the input came to, if the run fails that way and
  // its switches can be listed.
  std::optional<std::vector<Switch>> List(Bytes input, const Draw& draw,
                                          const IsolatedResult& failure);

  // Where the child leaves what it found.
  struct Slot;

 private:
  std::optional<std::vector<Switch>> SwitchesFound() const;

  Isolation& isolation_;
  Slot* slot_;  // shared with the children
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_REPLAY_MINIMISE_SCHEDULE_SEARCH_H_
