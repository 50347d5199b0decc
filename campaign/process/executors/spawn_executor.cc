// SPDX-License-Identifier: Apache-2.0
// vfork and exec by the nursery, once a run.

#include "campaign/process/executors/spawn_executor.h"

#include <poll.h>

#include <utility>

#include "campaign/process/judging.h"
#include "campaign/process/session/session.h"
#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kOrphansNs = 100'000'000;
constexpr int kOrphansPollMs = 2;

class SpawnExecutor : public Executor {
 public:
  SpawnExecutor(const ExecutorOptions& options, const ProgramFile& program)
      : session_(options, program) {}

  absl::Status Run(const ProgramInput& input, Execution& execution) override {
    execution = {};
    const bool fresh = !session_.is_open() || session_.ProgramWasReplaced();
    absl::Status done = fresh ? Restart() : absl::OkStatus();
    if (done.ok()) done = session_.Guard();
    if (done.ok()) done = session_.io().Prepare(input);
    if (done.ok()) done = StartAndAwait(execution);
    if (!done.ok()) {
      session_.Close();
      return done;
    }
    if (!session_.is_open()) return absl::OkStatus();
    return session_.RestoreRoot().status();
  }

  absl::Status Restart() override { return session_.Open(); }

  const Capabilities& capabilities() const override { return capabilities_; }

 private:
  absl::Status StartAndAwait(Execution& execution) {
    RunIo& io = session_.io();
    Start start =
        session_.StartOf(/*keeps_orphans=*/session_.calls() != nullptr);
    io.Describe(start);
    start.cpu_s = session_.cpu_s();
    // With a filter, who started it is there as well.
    session_.watch().Begin(session_.calls() == nullptr ? 0 : 1);
    const auto pid = session_.sandbox().StartProgram(start, io.fds());
    if (!pid.ok()) return pid.status();
    io.HandedOver();
    absl::Status ended = AwaitEnd(*pid, execution);
    if (absl::IsDeadlineExceeded(ended)) {
      session_.Finish(execution);
      session_.Abandon();
      return absl::OkStatus();
    }
    if (ended.ok() && session_.calls() != nullptr) ended = AwaitOrphans();
    if (ended.ok()) session_.Finish(execution);
    return ended;
  }

  // A watcher wants to see what a daemon does after its parent has ended.
  absl::Status AwaitOrphans() {
    Sandbox& sandbox = session_.sandbox();
    const uint64_t until = MonotonicNs() + kOrphansNs;
    // The one child that stays is who started the program.
    while (sandbox.CountChildren() > 1 && MonotonicNs() < until) {
      pollfd asked = PollOf(session_.calls());
      if (poll(&asked, 1, kOrphansPollMs) > 0) {
        AnswerOne(asked, session_.calls());
      }
    }
    return sandbox.CountChildren() > 1 ? sandbox.EndOrphans()
                                       : absl::OkStatus();
  }

  absl::Status AwaitEnd(pid_t pid, Execution& execution) {
    Sandbox& sandbox = session_.sandbox();
    while (true) {
      absl::Status readable =
          AwaitReadable(sandbox.event_fd(), session_.io(), session_.watch(),
                        session_.calls(), [&] { sandbox.Kill(pid); });
      if (!readable.ok()) return readable;
      const auto ended = sandbox.NextEnded();
      if (!ended.ok()) return ended.status();
      if (!ended->has_value() || (*ended)->pid != pid) continue;
      SetStatus((*ended)->status, session_.limits().cpu_ms != 0, execution);
      execution.cpu_ns = (*ended)->cpu_ns;
      execution.memory_peak_bytes = (*ended)->memory_peak_bytes;
      return absl::OkStatus();
    }
  }

  Session session_;
  Capabilities capabilities_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Executor>> MakeSpawnExecutor(
    const ExecutorOptions& options, const ProgramFile& program) {
  auto executor = std::make_unique<SpawnExecutor>(options, program);
  if (absl::Status started = executor->Restart(); !started.ok()) return started;
  return executor;
}

}  // namespace formfuzz::campaign
