// SPDX-License-Identifier: Apache-2.0
// Not weak: the runtimes' own weak definitions are linked first and would win.
#include "framework/engine/death/sanitizer_options.h"

extern "C" const char* __asan_default_options();
extern "C" const char* __ubsan_default_options();

// Bug hunting profits little from deep allocation stacks, long quarantines and
// fake stack frames, and they cost a third of the speed.
extern "C" const char* __asan_default_options() {
  return "malloc_context_size=4:quarantine_size_mb=1:"
         "thread_local_quarantine_size_kb=64:handle_abort=0:"
         "detect_stack_use_after_return=0";
}
extern "C" const char* __ubsan_default_options() {
  return "print_stacktrace=1";
}

namespace formfuzz {

void ChooseSanitizerOptions() {}

}  // namespace formfuzz
