// SPDX-License-Identifier: Apache-2.0
// Watches one run: its time, the memory and the number of its processes.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SESSION_WATCH_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SESSION_WATCH_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/process/call_watcher.h"
#include "campaign/process/executor.h"
#include "campaign/process/sandbox/sandbox.h"
#include "campaign/process/session/run_io.h"

namespace formfuzz::campaign {

// Looked at so often; what a run can do in between is what it can exceed its
// limits by. Shorter runs are never looked at.
inline constexpr int kWatchMs = 20;
// When company is gone that lives for a few milliseconds, however busy all is.
inline constexpr int kCompanyGoneMs = 200;
// A run shorter than this writes into pipes that nobody looks at until it is
// over, so that each write does not wake the supervisor. One that writes more
// than a pipe holds stands still until then. Longer waits gain nothing: runs of
// 7 and 15 ms are made as often with 5 or 20 as with 2.
inline constexpr int kShortRunMs = 2;
// For a question of a filter. Not shorter than a tick of most kernels: an
// earlier end of a wait makes the kernel set its timer anew each time, which on
// virtual machines takes as long as an answer.
inline constexpr int kQuestionMs = 5;
// Questions of a filter that are answered before the run is looked at.
inline constexpr int kSoonAnswersMax = 64;
// After one of a longer run: those that follow it at once. Looking at the run
// costs more than an answer does.
inline constexpr int kMoreAnswersMax = 16;
// After the end was ordered; then the whole sandbox is given up.
inline constexpr uint64_t kDyingMs = 5000;

class Watch {
 public:
  Watch(const Limits& limits, Sandbox& sandbox)
      : limits_(limits), sandbox_(sandbox) {}

  // `baseline_processes`: those of the sandbox that are not of a run.
  void Begin(int baseline_processes);

  // Of a run that has company which is not its own for a moment.
  void LookLater();

  // Whether the run must end now, and why. Looks closer every kWatchMs only.
  absl::StatusOr<bool> Exceeds();
  bool exceeded() const { return exceeded_; }
  // Exceeds has something to look at.
  bool is_due() const;
  // In kind and time; the verdict outranks how the process ended by it.
  void Finish(Execution& execution) const;
  // Milliseconds to wait until it must be asked again.
  int patience_ms() const;
  // Of what `fd` would tell, something was heard in another way.
  bool heard_for(int fd) const {
    return fd == sandbox_.event_fd() && sandbox_.heard_of_ended();
  }
  bool lost_patience() const;

 private:
  absl::Status Look();
  void Exceed(ExitKind kind);
  uint64_t elapsed_ns() const;

  const Limits& limits_;
  Sandbox& sandbox_;
  int baseline_processes_ = 0;
  uint64_t start_ns_ = 0;
  uint64_t next_look_ns_ = 0;
  uint64_t exceeded_ns_ = 0;
  bool exceeded_ = false;
  ExitKind kind_ = ExitKind::kExited;
};

// Answers what the run's filter asks, until `fd` can be read (true), enough was
// answered, nothing happened for a while, or the watch has to look.
bool AwaitAnswering(int fd, const Watch& watch, CallWatcher* calls,
                    int answers_max);
// For a poll: the second entry is that of the listener.
pollfd PollOf(const CallWatcher* calls);
// Whether there is more to do.
bool AnswerOne(pollfd& asked, CallWatcher* calls);

// Moves input and output until `fd` can be read, and answers what the filter
// of `calls` asks, if there is one. `kill` is called once, when the run exceeds
// a limit. DeadlineExceeded if it does not end even then.
template <class Kill>
absl::Status AwaitLongRun(int fd, RunIo& io, Watch& watch, CallWatcher* calls,
                          Kill kill) {
  pollfd asked = PollOf(calls);
  while (true) {
    pollfd polls[5] = {{fd, POLLIN, 0}, asked};
    const size_t count = 2 + io.AddPolls(polls + 2);
    const int ready = poll(polls, count, watch.patience_ms());
    if ((ready > 0 && polls[0].revents != 0) || watch.heard_for(fd)) {
      return absl::OkStatus();
    }
    if (ready > 0 && polls[1].revents != 0) {
      if (!AnswerOne(polls[1], calls)) {
        asked.fd = -1;
      } else if (AwaitAnswering(fd, watch, calls, kMoreAnswersMax)) {
        return absl::OkStatus();
      }
    } else if (ready > 0) {
      io.Move();
    }
    if (watch.lost_patience()) {
      return absl::DeadlineExceededError("a killed program did not end");
    }
    if (watch.exceeded()) continue;
    const absl::StatusOr<bool> exceeds = watch.Exceeds();
    if (!exceeds.ok()) return exceeds.status();
    if (*exceeds) kill();
  }
}

// The same for a run that may still be a short one.
template <class Kill>
absl::Status AwaitReadable(int fd, RunIo& io, Watch& watch, CallWatcher* calls,
                           Kill kill) {
  if (AwaitAnswering(fd, watch, calls, kSoonAnswersMax)) {
    return absl::OkStatus();
  }
  return AwaitLongRun(fd, io, watch, calls, kill);
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SESSION_WATCH_H_
