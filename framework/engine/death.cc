// SPDX-License-Identifier: Apache-2.0
// The globals here are forced by the C interfaces of signals and sanitizers.
#include "framework/engine/death.h"

#include <execinfo.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/debugging/symbolize.h"
#include "framework/base/clock.h"
#include "framework/base/text.h"
#include "framework/finding/sanitizer_report.h"

// Provided by the sanitizers' runtimes where they are linked.
extern "C" void __ubsan_on_report();
extern "C" const char* __asan_default_options();
extern "C" const char* __ubsan_default_options();
extern "C" __attribute__((weak)) void __asan_set_error_report_callback(
    void (*callback)(const char* report));
extern "C" __attribute__((weak)) void __ubsan_get_current_report_data(
    const char** kind, const char** message, const char** file, unsigned* line,
    unsigned* column, char** address);

namespace formfuzz {
namespace {

constexpr size_t kFramesMax = 32;
constexpr unsigned kChildSeconds = 10;  // to write a finding
constexpr size_t kAlternateStackBytes = 256 << 10;
constexpr uint64_t kNsPerSecond = 1'000'000'000;
constexpr uint64_t kTicks = 16;  // of the timer, in one time limit

struct Watch {
  Session* session = nullptr;
  FindingSink* sink = nullptr;
  uint64_t timeout_ns = 0;
  volatile bool in_run = false;
  volatile uint64_t run = 0;  // its number
  uint64_t run_seen = 0;      // that the last tick of the timer met,
  uint64_t run_seen_ns = 0;   // and when a tick met it first
  volatile bool recorded = false;
  std::array<struct sigaction, NSIG> before{};
};
Watch watch;

// What is known of a death, without allocating.
struct Death {
  VerdictKind kind;
  const char* name;    // of the signal or of the error
  const char* report;  // a sanitizer's text, or null
  void* frames[kFramesMax];
  int frame_count = 0;
};

std::string Symbolized(void* address) {
  char name[512];
  // A return address is one past the call.
  void* call = static_cast<char*>(address) - 1;
  return absl::Symbolize(call, name, sizeof name) ? name : std::string();
}

Finding MakeFinding(const Death& death) {
  Verdict verdict{death.kind, death.name, "", watch.session->step()};
  SanitizerReport report;
  if (death.report != nullptr) {
    report = ReadSanitizerReport(death.report);
    if (!report.error.empty()) verdict.validator = report.error;
  }
  for (int i = 0; i < death.frame_count && death.report == nullptr; ++i) {
    const std::string frame = Symbolized(death.frames[i]);
    if (!frame.empty() && !IsForeignFrame(frame)) {
      report.frames.push_back(frame);
    }
  }
  verdict.message =
      report.frames.empty() ? "" : Concat("in ", report.frames[0]);
  Finding finding = watch.session->MakeFinding(verdict);
  finding.frames = std::move(report.frames);
  if (death.report != nullptr) finding.report = death.report;
  return finding;
}

// Without libc's fork handlers: a lock may be held by whoever died.
pid_t RawFork() {
#ifdef SYS_fork
  return static_cast<pid_t>(syscall(SYS_fork));
#else
  return static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
#endif
}

[[noreturn]] void RecordInChild(const Death& death) {
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) {
    std::signal(signal, SIG_DFL);
  }
  std::signal(SIGALRM, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  alarm(kChildSeconds);
  _exit(watch.sink->Record(MakeFinding(death)) ? 0 : 1);
}

void WriteRaw(const char* path, const char* text, size_t size) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return;
  while (size > 0) {
    const ssize_t written = write(fd, text, size);
    if (written <= 0) break;
    text += written;
    size -= static_cast<size_t>(written);
  }
  fsync(fd);
  close(fd);
}

// The last resort: async-signal-safe calls only, a fixed name.
void RecordRaw(const Death& death) {
  char path[1024];
  const char* folder = watch.sink->raw_folder();
  if (folder == nullptr) return;
  std::snprintf(path, sizeof path, "%s/crashed-unnamed", folder);
  mkdir(folder, 0755);
  mkdir(path, 0755);
  const std::string& input = watch.session->input();
  std::snprintf(path, sizeof path, "%s/crashed-unnamed/input", folder);
  WriteRaw(path, input.data(), input.size());
  char json[512];
  const int size = std::snprintf(
      json, sizeof json,
      "{\"schema_version\": %d, \"target\": \"%s\", \"kind\": \"%s\", "
      "\"validator\": \"%s\", \"signature\": \"unnamed\"}\n",
      kFindingSchemaVersion, watch.session->recipe().name.c_str(),
      NameOf(death.kind).data(), death.name);
  std::snprintf(path, sizeof path, "%s/crashed-unnamed/finding.json", folder);
  WriteRaw(path, json, static_cast<size_t>(size));
}

void Record(const Death& death) {
  if (!watch.in_run || watch.recorded) return;
  watch.recorded = true;
  const pid_t child = RawFork();
  if (child == 0) RecordInChild(death);
  int status = -1;
  if (child > 0) {
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (status != 0) RecordRaw(death);
}

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
  const struct sigaction& before = watch.before[static_cast<size_t>(signal)];
  if ((before.sa_flags & SA_SIGINFO) != 0 && before.sa_sigaction != nullptr) {
    before.sa_sigaction(signal, details, context);
  } else if (before.sa_handler == SIG_DFL) {
    sigaction(signal, &before, nullptr);
    raise(signal);
  } else if (before.sa_handler != SIG_IGN) {
    before.sa_handler(signal);
  }
}

void OnSignal(int signal, siginfo_t* details, void* context) {
  Death death{VerdictKind::kCrashed, NameOfSignal(signal), nullptr, {}, 0};
  death.frame_count = backtrace(death.frames, kFramesMax);
  Record(death);
  Chain(signal, details, context);
}

// True when ticks have met this run for 14 of the 16 of its limit: the first
// may come a tick after its beginning, and the engine must not be faster. No
// clock is read when a run begins, that would cost a short one too much.
bool IsHung() {
  const uint64_t now = MonotonicNs();
  if (!watch.in_run || watch.run != watch.run_seen) {
    watch.run_seen = watch.run;
    watch.run_seen_ns = now;
    return false;
  }
  return now - watch.run_seen_ns >= watch.timeout_ns / kTicks * (kTicks - 2);
}

void OnAlarm(int signal, siginfo_t* details, void* context) {
  const bool hung = IsHung();
  if (hung) {
    Death death{VerdictKind::kHung, "timeout", nullptr, {}, 0};
    death.frame_count = backtrace(death.frames, kFramesMax);
    Record(death);
  }
  // The default action would end a run that is well.
  const bool has_handler = watch.before[SIGALRM].sa_handler != SIG_DFL;
  if (hung || has_handler) Chain(signal, details, context);
}

// An engine that has a timer of its own gets its ticks more often.
void StartTimer() {
  const uint64_t tick_us = watch.timeout_ns / kTicks / 1000;
  const timeval tick{static_cast<time_t>(tick_us / 1'000'000),
                     static_cast<suseconds_t>(tick_us % 1'000'000)};
  const itimerval timer{tick, tick};
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void OnAsanReport(const char* report) {
  Record({VerdictKind::kCrashed, "AddressSanitizer", report, {}, 0});
}

void OnExit() { Record({VerdictKind::kCrashed, "exit", nullptr, {}, 0}); }

void Install(int signal, void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action{};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, &watch.before[static_cast<size_t>(signal)]);
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
  watch.session = &session;
  watch.sink = &sink;
  watch.timeout_ns = timeout_s * kNsPerSecond;
  void* warm_up[1];
  backtrace(warm_up, 1);  // loads libgcc now rather than in a handler
  Install(SIGABRT, OnSignal);
  if (timeout_s > 0) {
    Install(SIGALRM, OnAlarm);
    StartTimer();
  }
  if (__asan_set_error_report_callback != nullptr) {
    __asan_set_error_report_callback(OnAsanReport);  // it has the signals too
  } else {
    UseAlternateStack();
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
      Install(signal, OnSignal);
    }
  }
  std::atexit(OnExit);
}

void BeginWatchedRun() {
  watch.run = watch.run + 1;
  watch.in_run = true;
}

void EndWatchedRun() { watch.in_run = false; }

void DeathIsRecorded() { watch.recorded = true; }

void RecordUndefinedBehaviour();
void RecordUndefinedBehaviour() {
  if (__ubsan_get_current_report_data == nullptr) return;
  const char* kind = nullptr;
  const char* message = nullptr;
  const char* file = nullptr;
  char* address = nullptr;
  unsigned line = 0;
  unsigned column = 0;
  __ubsan_get_current_report_data(&kind, &message, &file, &line, &column,
                                  &address);
  static char report[1024];
  std::snprintf(report, sizeof report,
                "ERROR: UndefinedBehaviorSanitizer: %s %s\n"
                "#0 0x0 in %s:%u:%u\n",
                kind, message, file, line, column);
  Record({VerdictKind::kCrashed, "UndefinedBehaviorSanitizer", report, {}, 0});
}

}  // namespace formfuzz

// Called by UBSan for every report, before it decides whether to go on.
extern "C" void __ubsan_on_report() { formfuzz::RecordUndefinedBehaviour(); }

// Bug hunting profits little from deep allocation stacks, long quarantines and
// fake stack frames, and they cost a third of the speed. ASAN_OPTIONS
// overrides.
extern "C" __attribute__((weak)) const char* __asan_default_options() {
  return "malloc_context_size=4:quarantine_size_mb=8:handle_abort=0:"
         "detect_stack_use_after_return=0";
}
extern "C" __attribute__((weak)) const char* __ubsan_default_options() {
  return "print_stacktrace=1";
}
