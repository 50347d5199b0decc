// SPDX-License-Identifier: Apache-2.0
// Stops at each call's beginning and end, as ptrace(2) has them.

#include "campaign/syscalls/watch/result_tracer.h"

#include <sys/ptrace.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>

#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/watch/call_stack.h"
#include "campaign/syscalls/watch/left_files.h"
#include "campaign/syscalls/watch/named_path.h"

namespace formfuzz::campaign {
namespace {

constexpr std::chrono::seconds kEndMax{2};
constexpr size_t kMissingMax = 1024;
constexpr int kCallStop = SIGTRAP | 0x80;
constexpr long kOptions = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
                          PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                          PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT;

long Trace(int request, pid_t thread, long address, void* argument) {
  return ptrace(static_cast<__ptrace_request>(request), thread, address,
                argument);
}

void GoOn(pid_t thread, long signal = 0) {
  Trace(PTRACE_SYSCALL, thread, 0, reinterpret_cast<void*>(signal));
}

bool StopsAll(int signal) {
  return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN ||
         signal == SIGTTOU;
}

}  // namespace

ResultTracer::ResultTracer() : thread_([this] { Work(); }) {}

ResultTracer::~ResultTracer() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool ResultTracer::Follow(pid_t process) {
  std::unique_lock lock(mutex_);
  if (following_) return true;
  wanted_ = process;
  refused_ = false;
  changed_.notify_all();
  changed_.wait(lock, [this] { return following_ || refused_; });
  return following_;
}

CallResults ResultTracer::Take() {
  std::unique_lock lock(mutex_);
  const bool ended =
      changed_.wait_for(lock, kEndMax, [this] { return !following_; });
  CallResults results;
  if (ended) results.swap(results_);
  return results;
}

std::set<std::string> ResultTracer::TakeMissing() {
  const std::lock_guard lock(mutex_);
  return std::exchange(missing_, {});
}

void ResultTracer::WantFiles() {
  const std::lock_guard lock(mutex_);
  wants_files_ = true;
}

std::vector<InputFile> ResultTracer::TakeFiles() {
  const std::lock_guard lock(mutex_);
  wants_files_ = false;
  return std::exchange(files_, {});
}

void ResultTracer::Work() {
  while (true) {
    pid_t process = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return wanted_ != 0 || ends_; });
      if (ends_) return;
      process = wanted_;
      wanted_ = 0;
    }
    const bool seized = Trace(PTRACE_SEIZE, process, 0,
                              reinterpret_cast<void*>(kOptions)) == 0 &&
                        Trace(PTRACE_INTERRUPT, process, 0, nullptr) == 0;
    {
      const std::lock_guard lock(mutex_);
      following_ = seized;
      refused_ = !seized;
    }
    changed_.notify_all();
    first_ = process;
    if (seized) FollowAll();
  }
}

void ResultTracer::FollowAll() {
  int status = 0;
  while (true) {
    // Other threads' children are none of ours.
    const pid_t thread = waitpid(-1, &status, __WALL | __WNOTHREAD);
    if (thread > 0) {
      Handle(thread, status);
    } else if (errno != EINTR) {
      break;
    }
  }
  entered_.clear();
  {
    const std::lock_guard lock(mutex_);
    following_ = false;
  }
  changed_.notify_all();
}

void ResultTracer::Handle(pid_t thread, int status) {
  if (!WIFSTOPPED(status)) {
    entered_.erase(thread);
    return;
  }
  const int signal = WSTOPSIG(status);
  const int event = status >> 16;
  if (signal == kCallStop) {
    TakeStop(thread);
    GoOn(thread);
  } else if (event == PTRACE_EVENT_STOP && StopsAll(signal)) {
    Trace(PTRACE_LISTEN, thread, 0, nullptr);
  } else {
    if (event == PTRACE_EVENT_EXIT && thread == first_) TakeFilesOf(thread);
    GoOn(thread, event == 0 ? signal : 0);
  }
}

// What it has written is in its files by then.
void ResultTracer::TakeFilesOf(pid_t process) {
  {
    const std::lock_guard lock(mutex_);
    if (!wants_files_) return;
  }
  std::vector<InputFile> files = FilesLeftBy(process);
  const std::lock_guard lock(mutex_);
  files_ = std::move(files);
}

void ResultTracer::TakeStop(pid_t thread) {
  __ptrace_syscall_info stop{};
  if (Trace(PTRACE_GET_SYSCALL_INFO, thread, sizeof(stop), &stop) <= 0) return;
  Entered& entered = entered_[thread];
  if (stop.op == PTRACE_SYSCALL_INFO_ENTRY) {
    const bool native = stop.arch == AuditArch(NativeArch());
    const uint64_t path =
        PathOfCall(stop.entry.nr, stop.entry.args[0], stop.entry.args[1]);
    entered = {stop.arch, stop.entry.nr, true, native ? path : 0};
    LookAtStack(thread, entered);
    return;
  }
  if (stop.op != PTRACE_SYSCALL_INFO_EXIT || !entered.inside) return;
  entered.inside = false;
  // 512 to 516: to be made again, once a signal is dealt with.
  constexpr int64_t kRestartsFrom = 512;
  const int64_t value = stop.exit.rval;
  if (stop.exit.is_error != 0 && -value >= kRestartsFrom) return;
  const int error = stop.exit.is_error != 0 ? static_cast<int>(-value) : 0;
  const bool missing = error == ENOENT && entered.path != 0;
  std::string path = missing ? ReadPath(thread, entered.path) : "";
  const std::lock_guard lock(mutex_);
  if (!path.empty() && missing_.size() < kMissingMax) {
    missing_.insert(std::move(path));
  }
  ++results_[{entered.arch, static_cast<uint32_t>(entered.number)}][error];
}

void ResultTracer::LookAtStack(pid_t thread, const Entered& entered) {
  const std::lock_guard lock(mutex_);
  const std::pair call(entered.arch, static_cast<uint32_t>(entered.number));
  if (wanted_stack_ == call && stack_.empty()) stack_ = StackOf(thread);
}

void ResultTracer::WantStackOf(uint32_t arch, uint32_t number) {
  const std::lock_guard lock(mutex_);
  wanted_stack_ = {arch, number};
  stack_.clear();
}

void ResultTracer::WantNoStack() {
  const std::lock_guard lock(mutex_);
  wanted_stack_.reset();
}

std::vector<std::string> ResultTracer::TakeStack() {
  const std::lock_guard lock(mutex_);
  return std::exchange(stack_, {});
}

}  // namespace formfuzz::campaign
