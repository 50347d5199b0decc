// SPDX-License-Identifier: Apache-2.0
// How executors fill in an Execution, all in the same way.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_JUDGING_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_JUDGING_H_

#include <sys/wait.h>

#include <string_view>

#include "campaign/process/execution.h"

namespace formfuzz::campaign {

// Of a status as wait(2) gives it.
void SetStatus(int status, bool limited_cpu, Execution& execution);

// Once kind and output are known. A sanitizer's report outranks what came
// after it; `libfuzzer`: the exit codes are libFuzzer's.
void Judge(const CrashRules& rules, bool libfuzzer, Execution& execution);

bool HoldsSanitizerReport(std::string_view errors);
bool IsSanitizerCode(int code);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_JUDGING_H_
