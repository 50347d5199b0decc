// SPDX-License-Identifier: Apache-2.0
// A run of several tasks as columns, one a task, read from top to bottom:
//
//   # task 0                          | task 1
//   # 1 offer by alice vm home        |
//   #   -> ok                         |
//   # 2 accept by bob vm home         |
//   #   leaves at mutex.lock, yield 9 |
//   #                                 | 3 delete by alice vm home
//   #                                 |   -> ok
//   #   goes on                       |
//   #   -> ok                         |
//   #   <- OneOwnerPerVm              |
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_STORY_TIMELINE_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_STORY_TIMELINE_H_

#include <string>

#include "framework/scenario/scenario.h"
#include "framework/validate/trace.h"
#include "framework/validate/verdict.h"

namespace formfuzz {

// Lines of comments, or nothing unless steps of at least two tasks began.
std::string PrintTimeline(const Recipe& recipe, const Scenario& scenario,
                          const Trace& trace, const Verdict& verdict);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_STORY_TIMELINE_H_
