// SPDX-License-Identifier: Apache-2.0
// Watches one run: its time, the memory and the number of its processes.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SESSION_WATCH_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SESSION_WATCH_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/process/executor.h"
#include "campaign/process/sandbox/sandbox.h"
#include "campaign/process/session/run_io.h"

namespace formfuzz::campaign {

// Looked at so often; what a run can do in between is what it can exceed its
// limits by. Shorter runs are never looked at.
inline constexpr int kWatchMs = 20;
// A run shorter than this writes into pipes that nobody looks at until it is
// over, so that each write does not wake the supervisor.
inline constexpr int kShortRunMs = 2;
// After the end was ordered; then the whole sandbox is given up.
inline constexpr uint64_t kDyingMs = 5000;

class Watch {
 public:
  Watch(const Limits& limits, Sandbox& sandbox)
      : limits_(limits), sandbox_(sandbox) {}

  // `baseline_processes`: those of the sandbox that are not of a run.
  void Begin(int baseline_processes);

  // Whether the run must end now, and why. Looks closer every kWatchMs only.
  absl::StatusOr<bool> Exceeds();
  bool exceeded() const { return exceeded_; }
  // In kind and time; the verdict outranks how the process ended by it.
  void Finish(Execution& execution) const;
  // Milliseconds to wait until it must be asked again.
  int patience_ms() const;
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

// Moves input and output until `fd` can be read. `kill` is called once, when
// the run exceeds a limit. DeadlineExceeded if it does not end even then.
template <class Kill>
absl::Status AwaitReadable(int fd, RunIo& io, Watch& watch, Kill kill) {
  pollfd end{fd, POLLIN, 0};
  if (poll(&end, 1, kShortRunMs) > 0) return absl::OkStatus();
  while (true) {
    pollfd polls[4] = {{fd, POLLIN, 0}};
    const size_t count = 1 + io.AddPolls(polls + 1);
    const int ready = poll(polls, count, watch.patience_ms());
    if (ready > 0 && (polls[0].revents != 0)) return absl::OkStatus();
    if (ready > 0) io.Move();
    if (watch.lost_patience()) {
      return absl::DeadlineExceededError("a killed program did not end");
    }
    if (watch.exceeded()) continue;
    const absl::StatusOr<bool> exceeds = watch.Exceeds();
    if (!exceeds.ok()) return exceeds.status();
    if (*exceeds) kill();
  }
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SESSION_WATCH_H_
