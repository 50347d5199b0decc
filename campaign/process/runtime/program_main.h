// SPDX-License-Identifier: Apache-2.0
// Inside of a program built with our compiler: the way from the C runtime to
// the program's main, or to the place where it says that it is ready.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_PROGRAM_MAIN_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_PROGRAM_MAIN_H_

#include <cstdint>

#include "campaign/process/wire/launch_block.h"
#include "campaign/process/wire/run_memory.h"

namespace formfuzz::campaign {

// Null where no supervisor shares memory with us.
uint8_t* SharedRunMemory();

// Comes back in each forked process, with the words of its run; before main,
// its environment has been put in place as well.
LaunchWords& BecomeForkServer(bool before_main);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_PROGRAM_MAIN_H_
