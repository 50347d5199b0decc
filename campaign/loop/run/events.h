// SPDX-License-Identifier: Apache-2.0
// Who wants to know what happens in a run. Nobody asking costs one test of an
// empty list a kind of event, and nothing is made up for the event.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_RUN_EVENTS_H_
#define FORMFUZZ_CAMPAIGN_LOOP_RUN_EVENTS_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "campaign/loop/queue/entry.h"
#include "campaign/loop/run/statistics.h"
#include "campaign/process/execution.h"
#include "framework/base/bytes.h"

namespace formfuzz::campaign {

// What is borrowed lives until the call returns.
struct Events {
  template <class... Arguments>
  using Listeners = std::vector<std::function<void(Arguments...)>>;

  // After each execution, those for calibration and minimising included.
  Listeners<Bytes, const Execution&> OnExecution;
  // An input was kept; the entry says what it shows.
  Listeners<Bytes, const Entry&> OnNewCoverage;
  // A finding not seen before is on disk, in this folder.
  Listeners<const std::string&> OnFinding;
  // A few times a second.
  Listeners<const Statistics&> OnStats;
};

template <class Listeners, class... Arguments>
void Tell(const Listeners& listeners, const Arguments&... arguments) {
  if (listeners.empty()) [[likely]]
    return;
  for (const auto& listener : listeners) listener(arguments...);
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_RUN_EVENTS_H_
