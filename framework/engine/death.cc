// SPDX-License-Identifier: Apache-2.0
// Signals and the timer for hangs. Exits and reports of sanitizers: death/.
#include "framework/engine/death.h"

#include <execinfo.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string_view>

#include "framework/base/clock.h"
#include "framework/engine/death/exits.h"
#include "framework/engine/death/record.h"
#include "framework/engine/death/reports.h"
#include "framework/schedule/yield.h"

namespace formfuzz {
namespace {

constexpr size_t kAlternateStackBytes = 256 << 10;
constexpr uint64_t kNsPerSecond = 1'000'000'000;
constexpr uint64_t kTicks = 16;          // of the timer, in one time limit
constexpr uint64_t kReportSeconds = 60;  // for an engine to say who died
constexpr int kCrashExitCode = 77;       // libFuzzer's

// Forced by the C interface of signals.
struct {
  uint64_t timeout_ns = 0;
  uint64_t run_seen = 0;     // that the last tick of the timer met,
  uint64_t run_seen_ns = 0;  // and when a tick met it first
  std::array<struct sigaction, NSIG> before{};
} handlers;

const char* NameOfSignal(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGABRT:
      return "SIGABRT";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    default:
      return "signal";
  }
}

void Chain(int signal, siginfo_t* details, void* context) {
  const struct sigaction& before = handlers.before[static_cast<size_t>(signal)];
  if ((before.sa_flags & SA_SIGINFO) != 0 && before.sa_sigaction != nullptr) {
    before.sa_sigaction(signal, details, context);
  } else if (before.sa_handler == SIG_DFL) {
    sigaction(signal, &before, nullptr);
    raise(signal);
  } else if (before.sa_handler != SIG_IGN) {
    before.sa_handler(signal);
  }
}

void LeaveAtOnce(int) {
  constexpr std::string_view kSaid =
      "formfuzz: the engine's report of this death does not end; left without "
      "it\n";
  [[maybe_unused]] const ssize_t written =
      write(STDERR_FILENO, kSaid.data(), kSaid.size());
  syscall(SYS_exit_group, kCrashExitCode);  // not the component's _exit
}

// What an engine says of a death may wait for ever for a lock that is held by
// whoever died, that of the heap above all. It has as long for it as an input
// has for its run, but a minute at most.
class ReportLimit {
 public:
  ReportLimit() {
    struct sigaction leave{};
    leave.sa_handler = LeaveAtOnce;
    sigemptyset(&leave.sa_mask);
    sigaction(SIGALRM, &leave, &before_);
    const uint64_t timeout_s = handlers.timeout_ns / kNsPerSecond;
    const uint64_t limit_s =
        timeout_s == 0 ? kReportSeconds : std::min(timeout_s, kReportSeconds);
    const itimerval once{{}, {static_cast<time_t>(limit_s), 0}};
    setitimer(ITIMER_REAL, &once, &timer_);
    // Who died in a handler of SIGALRM has it blocked.
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    pthread_sigmask(SIG_UNBLOCK, &alarm, &mask_);
  }
  ~ReportLimit() {  // the engine lets it live
    setitimer(ITIMER_REAL, &timer_, nullptr);
    sigaction(SIGALRM, &before_, nullptr);
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }

 private:
  struct sigaction before_{};
  itimerval timer_{};
  sigset_t mask_{};
};

void OnSignal(int signal, siginfo_t* details, void* context) {
  const OutsideTasks handler;
  Death death;
  death.name = NameOfSignal(signal);
  TakeFrames(death);
  RecordDeath(death);
  const ReportLimit limit;
  Chain(signal, details, context);
}

// True when ticks have met this run for 14 of the 16 of its limit: the first
// may come a tick after its beginning, and the engine must not be faster. No
// clock is read when a run begins, that would cost a short one too much.
bool IsHung() {
  const uint64_t now = MonotonicNs();
  if (!death_watch.in_run || death_watch.run != handlers.run_seen) {
    handlers.run_seen = death_watch.run;
    handlers.run_seen_ns = now;
    return false;
  }
  return now - handlers.run_seen_ns >=
         handlers.timeout_ns / kTicks * (kTicks - 2);
}

void OnAlarm(int signal, siginfo_t* details, void* context) {
  const OutsideTasks handler;  // the engine's looks at the time as well
  const bool has_handler = handlers.before[SIGALRM].sa_handler != SIG_DFL;
  if (!IsHung()) {
    // The default action would end a run that is well.
    if (has_handler) Chain(signal, details, context);
    return;
  }
  Death death;
  death.kind = VerdictKind::kHung;
  death.name = "timeout";
  TakeFrames(death);
  // An engine that waits longer than we do may let the run go on.
  death_watch.hang = &death;
  if (!has_handler) RecordDeath(death);
  Chain(signal, details, context);
  death_watch.hang = nullptr;
}

// An engine that has a timer of its own gets its ticks more often.
void StartTimer() {
  const uint64_t tick_us = handlers.timeout_ns / kTicks / 1000;
  const timeval tick{static_cast<time_t>(tick_us / 1'000'000),
                     static_cast<suseconds_t>(tick_us % 1'000'000)};
  const itimerval timer{tick, tick};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void Install(int signal, void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action{};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, &handlers.before[static_cast<size_t>(signal)]);
}

// So that a stack that overflowed can be reported.
void UseAlternateStack() {
  stack_t stack{};
  if (sigaltstack(nullptr, &stack) == 0 && (stack.ss_flags & SS_DISABLE) == 0) {
    return;
  }
  stack = {};
  stack.ss_sp = mmap(nullptr, kAlternateStackBytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  stack.ss_size = kAlternateStackBytes;
  if (stack.ss_sp != MAP_FAILED) sigaltstack(&stack, nullptr);
}

}  // namespace

void WatchForDeath(Session& session, FindingSink& sink, uint64_t timeout_s) {
  death_watch.session = &session;
  death_watch.sink = &sink;
  death_watch.process = getpid();
  handlers.timeout_ns = timeout_s * kNsPerSecond;
  void* warm_up[1];
  backtrace(warm_up, 1);  // loads libgcc now rather than in a handler
  Install(SIGABRT, OnSignal);
  if (timeout_s > 0) {
    Install(SIGALRM, OnAlarm);
    StartTimer();
  }
  if (!WatchReports()) {
    UseAlternateStack();
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
      Install(signal, OnSignal);
    }
  }
  WatchExits();
}

void BeginWatchedRun() {
  death_watch.run = death_watch.run + 1;
  death_watch.recorded = false;
  death_watch.in_run = true;
}

void EndWatchedRun() { death_watch.in_run = false; }

void WatchThisProcess() {
  if (death_watch.session != nullptr) death_watch.process = getpid();
}

void DeathIsRecorded() { death_watch.recorded = true; }

}  // namespace formfuzz
