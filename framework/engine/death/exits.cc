// SPDX-License-Identifier: Apache-2.0
// Exits of the component become aborts behind their finding: an engine knows
// those for failures. Its own exits, and a broken harness's, pass.
#include "framework/engine/death/exits.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

#include "framework/base/check.h"
#include "framework/engine/death/record.h"

namespace formfuzz {
namespace {

constexpr int kEngineOutOfMemory = 71;  // libFuzzer's exit code

[[noreturn]] void LeaveNow(int code) {
  for (;;) syscall(SYS_exit_group, code);
}

// libFuzzer ends the process in the middle of runs: at a limit, when it is
// interrupted, behind a crash that was recorded.
bool IsEngine(void* return_address) {
  return NameOfCaller(return_address).starts_with("fuzzer::");
}

[[noreturn]] void OnImmediateExit(int code, void* return_address) {
  if (!IsInWatchedRun() || death_watch.recorded || code == kHarnessBrokenExit) {
    LeaveNow(code);
  }
  if (death_watch.hang != nullptr) {
    RecordDeath(*death_watch.hang);
    LeaveNow(code);
  }
  Death death;
  if (IsEngine(return_address)) {
    death.name = "out-of-memory";
    if (code == kEngineOutOfMemory) RecordDeath(death);
    LeaveNow(code);
  }
  death.name = "_exit";
  RecordDeath(death);
  std::abort();
}

void OnExit() {
  Death death;
  death.name = "exit";
  RecordDeath(death);
  death_watch.exiting = true;
}

void OnQuickExit() {
  if (!IsInWatchedRun()) return;
  Death death;
  death.name = "quick_exit";
  RecordDeath(death);
  std::abort();  // no engine looks at this way out
}

}  // namespace

void WatchExits() {
  std::atexit(OnExit);
  std::at_quick_exit(OnQuickExit);
}

}  // namespace formfuzz

extern "C" void _exit(int code) {
  formfuzz::OnImmediateExit(code, __builtin_return_address(0));
}
extern "C" void _Exit(int code) noexcept {
  formfuzz::OnImmediateExit(code, __builtin_return_address(0));
}
