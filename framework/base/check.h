// SPDX-License-Identifier: Apache-2.0
// Always-on checks of formfuzz's own invariants and of a harness's use of it.
//
// A failed check is never a finding of the component: it prints one line and
// ends the process at once with kHarnessBrokenExit, so that no exit handler
// can mistake it for a crash of the component.
#ifndef FORMFUZZ_FRAMEWORK_BASE_CHECK_H_
#define FORMFUZZ_FRAMEWORK_BASE_CHECK_H_

#include <string_view>

namespace formfuzz {

// EX_CONFIG of sysexits(3): none of libFuzzer's or the sanitizers' codes.
inline constexpr int kHarnessBrokenExit = 78;

// Ends the process: `what` is one line that says what to correct.
[[noreturn]] void HarnessBroken(const char* file, int line,
                                std::string_view what);

// Ends the process as a failed assertion of the component would: what it asks
// for can only be its own mistake. A finding, with the caller's stack.
[[noreturn]] void ComponentBroken(std::string_view what);

}  // namespace formfuzz

#define FORMFUZZ_CHECK(condition, what)                      \
  do {                                                       \
    if (!(condition)) [[unlikely]] {                         \
      ::formfuzz::HarnessBroken(__FILE__, __LINE__, (what)); \
    }                                                        \
  } while (false)

#endif  // FORMFUZZ_FRAMEWORK_BASE_CHECK_H_
