// SPDX-License-Identifier: Apache-2.0
// What programs are told that were built with sanitizers: reports end the
// process by a signal; leaks are not looked for, since at every exit that
// would cost more than the run. Whoever repeats a run needs the same.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SESSION_SANITIZER_OPTIONS_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SESSION_SANITIZER_OPTIONS_H_

#include <utility>

namespace formfuzz::campaign {

// Variables of the environment.
inline constexpr std::pair<const char*, const char*> kSanitizerOptions[] = {
    {"ASAN_OPTIONS",
     "abort_on_error=1:detect_leaks=0:allocator_may_return_null=1:"
     "verify_asan_link_order=0"},
    {"UBSAN_OPTIONS", "halt_on_error=1:abort_on_error=1:print_stacktrace=1"},
    {"MSAN_OPTIONS", "abort_on_error=1"},
    {"TSAN_OPTIONS", "halt_on_error=1:abort_on_error=1"}};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SESSION_SANITIZER_OPTIONS_H_
