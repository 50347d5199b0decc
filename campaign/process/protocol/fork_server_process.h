// SPDX-License-Identifier: Apache-2.0
// The supervisor's side of a forkserver that speaks fork_messages.h: the
// zygote brought in by LD_PRELOAD, or our runtime.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_FORK_SERVER_PROCESS_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_FORK_SERVER_PROCESS_H_

#include <optional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/process/sandbox/unique_fd.h"
#include "campaign/process/session/session.h"
#include "campaign/process/wire/fork_messages.h"

namespace formfuzz::campaign {

class ForkServerProcess {
 public:
  explicit ForkServerProcess(Session& session) : session_(session) {}

  // Starts the program up to its forkserver and takes its hello.
  // InvalidArgument if it ends or goes on without saying one.
  // `memory_fd` is shared with it; -1: none.
  absl::StatusOr<ForkTold> Start(bool preload, int memory_fd);
  bool is_up() const { return socket_.ok(); }
  void Down() { socket_.reset(); }

  // Puts it, and what it forks from now on, under the filter; the listener.
  absl::StatusOr<UniqueFd> Guard(std::span<const sock_filter> filter);

  // Orders a process with what the session's RunIo has prepared.
  // `traces`: it is to note what it compares.
  absl::Status Fork(bool traces = false);
  // The same; waits for its end a moment. Whether that can be taken by Next; if
  // not, event_fd() will say when.
  absl::StatusOr<bool> ForkForShortRun(bool traces);
  // The latest process shares its memory with one that is to tell what code it
  // touched, and that is gone after a moment.
  bool observed() const { return observed_; }
  // Readable when it has something to tell, or has died.
  int event_fd() const { return socket_.get(); }
  // nullopt: the forkserver itself has died, which its program can bring about.
  std::optional<ForkTold> Next(UniqueFd* got = nullptr);
  void KillForked();
  // Whether the last order reached it: else it had died before.
  bool TookOrder() const;

 private:
  absl::StatusOr<ForkTold> AwaitHello();
  ForkAsked Describe(bool traces);
  bool Send(const ForkAsked& asked);
  absl::Status ForkAwaiting(Awaits awaits, bool traces);
  bool AwaitShortRun();

  Session& session_;
  UniqueFd socket_;
  bool guarded_ = false;
  bool told_in_block_ = false;
  bool observed_ = false;
  uint64_t short_runs_ = 0;
  // What it has, so that it need not be told again; 0: nothing.
  uint64_t words_ = 0;
  uint64_t descriptors_ = 0;
  uint64_t work_ = 0;
  UniqueFd library_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_PROTOCOL_FORK_SERVER_PROCESS_H_
