// SPDX-License-Identifier: Apache-2.0
// The processes of a sandbox, seen by the nursery, which is their init: starts
// programs at the speed of vfork, ends and reaps whatever they left.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_CHILDREN_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_CHILDREN_H_

#include <sys/types.h>

#include <cstdint>
#include <span>

#include "campaign/process/wire/launch_block.h"
#include "campaign/process/wire/nursery_messages.h"

namespace formfuzz::campaign {

struct Parent {
  bool is_init = false;
  pid_t pid = 0;  // not the caller: the process becomes a child of this one
};

// The process, or -errno. The program is the first word, not looked for. Takes
// no part of `fds`: the caller closes them.
pid_t StartProgram(const Start& start, const LaunchWords& words,
                   std::span<const int> fds, const Parent& parent);

// The number may come from a program, which can have made it up: none but our
// own descendants get the signal.
void SignalOne(bool is_init, pid_t pid, int signal);

// Ends all but the caller and, as init, reaps until nobody is left. How many.
int KillEverybody(bool is_init);

struct Population {
  int processes = 0;
  int ending = 0;      // of these: on their way out, or waiting to be reaped
  uint64_t bytes = 0;  // anonymous and shared memory in all of them
};
Population Measure(bool is_init);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_CHILDREN_H_
