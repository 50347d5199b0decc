// SPDX-License-Identifier: Apache-2.0
// What every function that stands in front of one of the C library's does: in
// a run with tasks the scheduler's part, and the C library's otherwise.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_RUN_OR_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_RUN_OR_H_

#include <type_traits>

#include "framework/schedule/scheduler.h"

namespace formfuzz {

template <class Result, class... Parameters>
Result RunOr(Result (*in_run)(Scheduler&, Parameters...),
             Result (*real)(Parameters...),
             std::type_identity_t<Parameters>... arguments) {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) return real(arguments...);
  return in_run(*scheduler, arguments...);
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_RUN_OR_H_
