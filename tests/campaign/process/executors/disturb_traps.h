// SPDX-License-Identifier: Apache-2.0
// What is hard for who goes through a program by traps and breakpoints.
#ifndef FORMFUZZ_TESTS_CAMPAIGN_PROCESS_EXECUTORS_DISTURB_TRAPS_H_
#define FORMFUZZ_TESTS_CAMPAIGN_PROCESS_EXECUTORS_DISTURB_TRAPS_H_

#include <string>

// `way`: threads, longjmp, vfork, raise or int3. The program's exit code.
int DisturbTraps(const std::string& way);

#endif  // FORMFUZZ_TESTS_CAMPAIGN_PROCESS_EXECUTORS_DISTURB_TRAPS_H_
