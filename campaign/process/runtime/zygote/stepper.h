// SPDX-License-Identifier: Apache-2.0
// Goes through a traced run of an unmodified program instruction by instruction
// and notes which numbers it compares. In the program's own process: the
// processor traps after each instruction, a handler looks at the next one, and
// calls into the C library and the like are run through at full speed, up to a
// breakpoint where they come back.
//
// On x86-64; elsewhere nothing is noted.
//
// Bounded: after as many instructions as the log allows, a microsecond each,
// the run goes on untouched, and so it does once a call comes back elsewhere
// (longjmp, an exception) or in another thread or process first. Other threads
// are not gone through. A program that blocks SIGTRAP or wants it for itself is
// not either, and may die of it, as may one with stacks too small for a signal.
// Nobody judges a program by a traced run.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ZYGOTE_STEPPER_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ZYGOTE_STEPPER_H_

#include "campaign/process/wire/comparison_log.h"

namespace formfuzz::campaign {

// In the server, once: whose instructions are looked at.
void FindSteppedCode();

// In a process that notes comparisons in `log`: from where `main` begins.
void StepFrom(const void* main, ComparisonLog* log);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ZYGOTE_STEPPER_H_
