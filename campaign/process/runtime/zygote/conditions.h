// SPDX-License-Identifier: Apache-2.0
// What a run asks to be set just before main: limits and signals to come.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ZYGOTE_CONDITIONS_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ZYGOTE_CONDITIONS_H_

namespace formfuzz::campaign {

// Takes the variable out of the environment. What it says is remembered.
void TakeConditions();

bool HasConditions();
// Calls of ours alone; timers are the process's, which exec removes.
void ApplyConditions();

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_ZYGOTE_CONDITIONS_H_
