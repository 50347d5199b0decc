// SPDX-License-Identifier: Apache-2.0
// What executors have in common: the options, the program, a sandbox that is
// replaced when it breaks, and the CPU that all of them share.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SESSION_SESSION_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SESSION_SESSION_H_

#include <sched.h>

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "campaign/process/executor.h"
#include "campaign/process/program/program_file.h"
#include "campaign/process/sandbox/sandbox.h"
#include "campaign/process/session/loopback_peer.h"
#include "campaign/process/session/run_io.h"
#include "campaign/process/session/watch.h"

namespace formfuzz::campaign {

class Session {
 public:
  Session(const ExecutorOptions& options, const ProgramFile& program)
      : options_(options), program_(program) {}
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // A new sandbox; the old one and everybody in it are gone.
  absl::Status Open();
  bool is_open() const { return sandbox_ != nullptr; }
  // Since Open: an overlay may go on showing the old file.
  bool ProgramWasReplaced() const;
  void Close();
  // Ends everybody, but keeps what the last run said.
  void Abandon() { sandbox_.reset(); }
  // After a run: files changed outside of the scratch folder are restored.
  // Everybody is killed for it; whether that was done.
  absl::StatusOr<bool> RestoreRoot();

  const ExecutorOptions& options() const { return options_; }
  // Of those who watch system calls; nullptr: nobody does.
  CallWatcher* calls() const { return options_.watcher; }
  // Whether what is started must first be put under another filter.
  bool NeedsFilter() const;
  // What SpawnExecutor starts from now on is under the watcher's filter.
  absl::Status Guard();
  const Limits& limits() const { return options_.limits; }
  const ProgramFile& program() const { return program_; }
  Sandbox& sandbox() { return *sandbox_; }
  RunIo& io() { return *io_; }
  Watch& watch() { return *watch_; }

  // Limits and folder of a process.
  Start StartOf(bool keeps_orphans) const;
  // Of a process that forks others. With libraries and stack near each other, a
  // fork copies a tenth less; each process has its addresses in any case.
  Start StartOfForkServer() const;
  std::vector<std::string> ForkServerEnvironment() const;
  uint32_t cpu_s() const;
  // kind, output and time to a verdict.
  void Finish(Execution& execution);

  void ShareIpc() { share_ipc_ = true; }

 private:
  void Pin();

  const ExecutorOptions options_;
  const ProgramFile program_;
  bool share_ipc_ = false;
  int cpu_ = -1;
  std::optional<cpu_set_t> cpus_before_;
  FileVersion opened_;  // of the program
  UniqueFd marking_library_;
  std::unique_ptr<Sandbox> sandbox_;
  std::unique_ptr<LoopbackPeer> peer_;
  std::unique_ptr<RunIo> io_;
  std::unique_ptr<Watch> watch_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SESSION_SESSION_H_
