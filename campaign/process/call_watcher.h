// SPDX-License-Identifier: Apache-2.0
// Who sees the system calls of the programs that an executor runs: makes the
// filter that they start under and answers what it asks. One watcher serves
// one executor, in its thread, and outlives it.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_CALL_WATCHER_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_CALL_WATCHER_H_

#include <linux/filter.h>

#include <cstdint>
#include <span>

#include "campaign/process/sandbox/unique_fd.h"
#include "campaign/process/wire/nursery_messages.h"

namespace formfuzz::campaign {

class CallWatcher {
 public:
  virtual ~CallWatcher() = default;

  // For what is started from now on. Calls from `own` start programs and are
  // to be allowed; kPhaseCall is to be asked about,
  // and so are calls of keyrings (wire/keyrings.h), which no answer may let
  // through. Valid until the next call.
  virtual std::span<const sock_filter> Filter(const OwnCode& own) = 0;
  // Whether Filter would say something else than it last did. Asked before
  // each run; a filter in force cannot be changed.
  virtual bool Outgrown() const = 0;

  // Whether a program that is started is to say by kPhaseCall how far it has
  // come, and to obey ProgramInput::conditions: a library is preloaded for it.
  virtual bool WantsMarks() const = 0;

  // Where the filter asks. `stage` says how far a forkserver's process has
  // come, as LaunchBlock has it; nullptr: by kPhaseCall it says so itself.
  virtual void Listen(UniqueFd listener, const uint32_t* stage) = 0;
  virtual int listener() const = 0;  // -1: none
  // Answers one question; called when there is one.
  virtual void Answer() = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_CALL_WATCHER_H_
