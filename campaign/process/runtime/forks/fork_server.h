// SPDX-License-Identifier: Apache-2.0
// The forkserver that lives in a program, brought in by LD_PRELOAD or linked.
// Plain system calls, static memory, no C++ library: nothing of the program's
// own state is touched before it starts.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_FORK_SERVER_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_FORK_SERVER_H_

#include "campaign/process/wire/fork_messages.h"
#include "campaign/process/wire/launch_block.h"

namespace formfuzz::campaign {

enum class TracedFork { kBefore, kInProcess, kAfter };

struct ForkServerHooks {
  ForkTold hello;
  // The words are to be those of each run, not those that the server had.
  bool replaces_environment = false;
  // Of a process that is to note what it compares; nullptr: none can.
  void (*on_traced)(TracedFork when) = nullptr;
  // In the server, after the process that it forked has ended.
  void (*on_ended)() = nullptr;
};

// True where a supervisor waits; the variables that say so are then removed.
bool HasSupervisor();

// True where somebody wants to hear of phases alone; likewise.
bool HasObserver();

// In a forked process: how far it has come, for its supervisor.
void SetStage(PhaseMark mark);

// Serves until the supervisor goes, then ends the process. Comes back in each
// forked process, with the words that it is to run with.
LaunchWords& ServeForks(const ForkServerHooks& hooks);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_FORK_SERVER_H_
