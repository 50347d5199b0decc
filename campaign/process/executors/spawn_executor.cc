// SPDX-License-Identifier: Apache-2.0
// vfork and exec by the nursery, once a run.

#include "campaign/process/executors/spawn_executor.h"

#include <poll.h>

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "campaign/process/judging.h"
#include "campaign/process/session/session.h"
#include "campaign/process/session/visits.h"
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
    if (done.ok()) done = StartAndAwait(input, execution);
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
  absl::Status StartAndAwait(const ProgramInput& input, Execution& execution) {
    RunIo& io = session_.io();
    Start start =
        session_.StartOf(/*keeps_orphans=*/session_.calls() != nullptr ||
                         session_.options().service.has_value());
    io.Describe(start);
    start.cpu_s = session_.cpu_s();
    // With a filter, who started it is there as well.
    session_.watch().Begin(session_.calls() == nullptr ? 0 : 1);
    const auto pid = session_.sandbox().StartProgram(start, io.fds());
    if (!pid.ok()) return pid.status();
    io.HandedOver();
    absl::Status ended = session_.options().service.has_value()
                             ? AwaitService(*pid, input.requests, execution)
                             : AwaitEnd(*pid, execution);
    if (absl::IsDeadlineExceeded(ended)) {
      session_.Finish(execution);
      session_.Abandon();
      return absl::OkStatus();
    }
    if (ended.ok() && start.keeps_orphans != 0) ended = AwaitOrphans();
    if (ended.ok()) session_.Finish(execution);
    return ended;
  }

  // A watcher wants to see what a daemon does after its parent has ended.
  absl::Status AwaitOrphans() {
    Sandbox& sandbox = session_.sandbox();
    const uint64_t until = MonotonicNs() + kOrphansNs;
    // With a filter one child stays: who started the program.
    const int ours = session_.calls() == nullptr ? 0 : 1;
    while (sandbox.CountChildren() > ours && MonotonicNs() < until) {
      pollfd asked = PollOf(session_.calls());
      if (poll(&asked, 1, kOrphansPollMs) > 0) {
        AnswerOne(asked, session_.calls());
      }
    }
    return sandbox.CountChildren() > ours ? sandbox.EndOrphans()
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

  // The same for a program that serves, while it is visited.
  absl::Status AwaitService(pid_t pid, std::span<const std::string> requests,
                            Execution& execution) {
    Visits visits(session_.sandbox(), session_.options(), requests, pid);
    while (!visits.over()) {
      absl::Status moved = MoveService(visits);
      if (!moved.ok()) return moved;
      absl::Status taken = TakeEnds(pid, visits, execution);
      if (!taken.ok()) return taken;
      if (session_.watch().lost_patience()) {
        return absl::DeadlineExceededError("a killed program did not end");
      }
      if (session_.watch().exceeded()) continue;
      const absl::StatusOr<bool> exceeds = session_.watch().Exceeds();
      if (!exceeds.ok()) return exceeds.status();
      if (*exceeds) visits.GiveUp();
    }
    execution.reached = visits.reached();
    execution.answered = visits.answered();
    return absl::OkStatus();
  }

  absl::Status MoveService(Visits& visits) {
    RunIo& io = session_.io();
    pollfd polls[5 + Visits::kAtOnceMax] = {
        {session_.sandbox().event_fd(), POLLIN, 0}, PollOf(session_.calls())};
    const size_t visited = visits.AddPolls(polls + 2);
    const size_t count = 2 + visited + io.AddPolls(polls + 2 + visited);
    const int patience_ms =
        std::min(visits.patience_ms(), session_.watch().patience_ms());
    const int ready = poll(polls, count, patience_ms);
    if (ready > 0 && polls[1].revents != 0) {
      AnswerOne(polls[1], session_.calls());
    }
    if (ready > 0) io.Move();
    return visits.Move({polls + 2, visited});
  }

  absl::Status TakeEnds(pid_t pid, Visits& visits, Execution& execution) {
    while (true) {
      const auto ended = session_.sandbox().NextEnded();
      if (!ended.ok()) return ended.status();
      if (!ended->has_value()) return absl::OkStatus();
      visits.TakeEnd((*ended)->pid);
      if ((*ended)->pid != pid) continue;
      SetStatus((*ended)->status, session_.limits().cpu_ms != 0, execution);
      execution.cpu_ns = (*ended)->cpu_ns;
      execution.memory_peak_bytes = (*ended)->memory_peak_bytes;
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
