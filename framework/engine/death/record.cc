// SPDX-License-Identifier: Apache-2.0
// The globals here are forced by the C interfaces of signals and sanitizers.
#include "framework/engine/death/record.h"

#include <execinfo.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

#include "absl/debugging/symbolize.h"
#include "framework/base/text.h"
#include "framework/fault/component_scope.h"
#include "framework/fault/fault_point.h"
#include "framework/finding/sanitizer_report.h"
#include "framework/restore/region.h"
#include "framework/schedule/yield.h"

namespace formfuzz {

DeathWatch death_watch;

namespace {

constexpr unsigned kChildSeconds = 10;  // to write a finding
constexpr int kNotSaved = 1;            // its exit code

// A sanitizer's report, or the frames that were taken.
SanitizerReport Read(const Death& death) {
  if (death.report != nullptr) return ReadSanitizerReport(death.report);
  SanitizerReport read;
  for (int i = 0; i < death.frame_count; ++i) {
    const std::string frame = NameOfCaller(death.frames[i]);
    if (!frame.empty() && !IsForeignFrame(frame)) read.frames.push_back(frame);
  }
  return read;
}

std::string MessageFor(const Death& death, const SanitizerReport& report) {
  if (report.frames.empty()) return "";
  if (death.kind != VerdictKind::kLeaked) {
    return Concat("in ", report.frames[0]);
  }
  return Concat("allocated in ", report.frames[0],
                death_watch.exiting ? "; seen at the end of the process: an "
                                      "earlier input may be to blame"
                                    : "");
}

Finding MakeFinding(const Death& death) {
  const Session& session = *death_watch.session;
  const bool leaked = death.kind == VerdictKind::kLeaked;
  SanitizerReport report = Read(death);
  // A leak is seen behind the last step, and its report names no error.
  const bool named = !leaked && !report.error.empty();
  const Verdict verdict{
      death.kind, named ? report.error : std::string(death.name),
      MessageFor(death, report),
      leaked ? session.scenario().steps.size() : session.step()};
  Finding finding = session.MakeFinding(verdict);
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

// Whoever died left its faults armed and its memory chosen: neither is for
// what is written about it.
void LeaveComponent() {
  fault_gate = nullptr;
  inside_component = false;
  active_region = nullptr;
}

[[noreturn]] void RecordInChild(const Death& death) {
  LeaveComponent();
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM}) {
    std::signal(signal, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  alarm(kChildSeconds);
  _exit(death_watch.sink->Record(MakeFinding(death)) ? 0 : kNotSaved);
}

bool WriteRaw(const char* path, const char* text, size_t size) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return false;
  while (size > 0) {
    const ssize_t written = write(fd, text, size);
    if (written <= 0) break;
    text += written;
    size -= static_cast<size_t>(written);
  }
  const bool flushed = fsync(fd) == 0;
  close(fd);
  return size == 0 && flushed;
}

// A path below the folder of the last resort.
struct RawPath {
  RawPath(const char* folder, const char* name) {
    std::snprintf(text, sizeof text, "%s/%s", folder, name);
  }
  char text[1024];
};

// The last resort: async-signal-safe calls only, a fixed name. Made aside, as
// every finding is; where one of that name is already, that one stays.
void RecordRaw(const Death& death) {
  const char* folder = death_watch.sink->raw_folder();
  if (folder == nullptr) return;
  const RawPath aside(folder, ".crashed-unnamed.new");
  const RawPath input(aside.text, "input");
  const RawPath description(aside.text, "finding.json");
  char json[512];
  const int size = std::snprintf(
      json, sizeof json,
      "{\"schema_version\": %d, \"target\": \"%s\", \"kind\": \"%s\", "
      "\"validator\": \"%s\", \"signature\": \"unnamed\"}\n",
      kFindingSchemaVersion, death_watch.session->recipe().name.c_str(),
      NameOf(death.kind).data(), death.name);
  mkdir(folder, 0755);
  mkdir(aside.text, 0755);
  const std::string& bytes = death_watch.session->input();
  const bool whole =
      WriteRaw(input.text, bytes.data(), bytes.size()) &&
      WriteRaw(description.text, json, static_cast<size_t>(size)) &&
      rename(aside.text, RawPath(folder, "crashed-unnamed").text) == 0;
  if (whole) return;
  unlink(description.text);
  unlink(input.text);
  rmdir(aside.text);
}

bool IsWatchedProcess() {
  return death_watch.session != nullptr &&
         death_watch.process == static_cast<pid_t>(syscall(SYS_getpid));
}

}  // namespace

void TakeFrames(Death& death) {
  death.frame_count = backtrace(death.frames, kDeathFramesMax);
}

bool IsInWatchedRun() { return death_watch.in_run && IsWatchedProcess(); }

void RecordDeath(const Death& death) {
  if (IsInWatchedRun()) RecordRemains(death);
}

void RecordRemains(const Death& death) {
  if (death_watch.recorded || !IsWatchedProcess()) return;
  const OutsideTasks own_work;
  death_watch.recorded = true;
  const pid_t child = RawFork();
  if (child == 0) RecordInChild(death);
  int status = -1;
  if (child > 0) {
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  // What the child could not write it has said; dead, it has said nothing.
  const bool answered = WIFEXITED(status) && WEXITSTATUS(status) <= kNotSaved;
  if (child < 0 || !answered) RecordRaw(death);
}

std::string NameOfCaller(void* return_address) {
  const OutsideComponent own;  // reads files
  char name[512];
  // A return address is one past the call.
  void* call = static_cast<char*>(return_address) - 1;
  return absl::Symbolize(call, name, sizeof name) ? name : std::string();
}

}  // namespace formfuzz
