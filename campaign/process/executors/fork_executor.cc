// SPDX-License-Identifier: Apache-2.0
// One fork a run.

#include "campaign/process/executors/fork_executor.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <utility>

#include "campaign/process/executors/step_budget.h"
#include "campaign/process/judging.h"
#include "campaign/process/protocol/fork_server_process.h"
#include "campaign/process/protocol/run_memory_file.h"
#include "campaign/process/session/session.h"

namespace formfuzz::campaign {
namespace {

class ForkExecutor : public Executor {
 public:
  ForkExecutor(const ExecutorOptions& options, const ProgramFile& program,
               ExecutorKind kind, bool only_traces = false)
      : session_(options, program),
        server_(session_),
        steps_(options.repeatable),
        only_traces_(only_traces) {
    capabilities_.kind = kind;
    capabilities_.comparisons = true;
    // A program that forks where it chose has read its words before.
    capabilities_.arguments = true;
  }

  absl::Status Run(const ProgramInput& input, Execution& execution) override {
    absl::Status done = RunOnce(input, /*traces=*/false, execution);
    if (done.ok()) steps_.Earn(execution.wall_ns);
    return done;
  }

  absl::Status RunTraced(const ProgramInput& input, Execution& execution,
                         std::vector<Comparison>& comparisons) override {
    absl::Status done = EnsureUp();
    if (!done.ok()) return done;
    if (only_traces_) steps_.Renew();
    memory_.ClearComparisons(steps_.steps());
    done = RunOnce(input, /*traces=*/true, execution);
    steps_.Spend(memory_.steps(), execution.wall_ns);
    if (memory_.steps() > 0) {
      steps_.Ended(execution.kind != ExitKind::kTimedOut);
    }
    if (done.ok()) memory_.TakeComparisons(comparisons);
    return done;
  }

  bool AffordsTrace() const override { return steps_.HasLeft(); }

  absl::Status Restart() override {
    Drop();
    return EnsureUp();
  }

  const Capabilities& capabilities() const override { return capabilities_; }

 private:
  absl::Status RunOnce(const ProgramInput& input, bool traces,
                       Execution& execution) {
    execution = {};
    absl::Status done = EnsureUp();
    if (done.ok()) done = session_.io().Prepare(input);
    if (done.ok()) done = ForkAndAwait(traces, execution);
    if (!done.ok()) {
      Drop();
      return done;
    }
    execution.coverage = counters();
    return Tidy();
  }

  bool has_runtime() const {
    return capabilities_.kind == ExecutorKind::kRuntime;
  }

  std::span<uint8_t> counters() {
    return memory_.counters(capabilities_.coverage_size);
  }

  void Drop() {
    server_.Down();
    session_.Close();
  }

  absl::Status EnsureUp() {
    absl::Status done = absl::OkStatus();
    if (!session_.is_open()) {
      server_.Down();
      done = session_.Open();
      // On the host somebody may outlive a run and write into the next one's.
      const bool alone = !session_.options().isolation.unsafe_host;
      if (done.ok() && alone) session_.io().KeepPipes();
    }
    if (done.ok() && server_.is_up() && session_.NeedsFilter()) {
      done = session_.sandbox().KillAll();
      server_.Down();
    }
    if (done.ok() && !server_.is_up()) done = StartServer();
    return done;
  }

  absl::Status StartServer() {
    if (memory_.fd() < 0) {
      if (absl::Status made = memory_.Make(); !made.ok()) return made;
    }
    const auto hello = server_.Start(/*preload=*/!has_runtime(), memory_.fd());
    if (!hello.ok()) return hello.status();
    capabilities_.coverage_size =
        has_runtime() ? std::min<uint64_t>(hello->coverage_bytes, kCountersMax)
                      : 0;
    return Guard(hello->own);
  }

  absl::Status Guard(const OwnCode& own) {
    CallWatcher* calls = session_.calls();
    if (calls == nullptr) return absl::OkStatus();
    auto listener = server_.Guard(calls->Filter(own));
    if (!listener.ok()) return listener.status();
    calls->Listen(*std::move(listener),
                  &session_.sandbox().launch_block().stage);
    return absl::OkStatus();
  }

  absl::Status ForkAndAwait(bool traces, Execution& execution) {
    const auto counts = counters();
    if (!counts.empty()) memset(counts.data(), 0, counts.size());
    session_.watch().Begin(/*baseline_processes=*/1);
    const auto ended = server_.ForkForShortRun(traces);
    if (server_.observed()) session_.watch().LookLater();
    absl::Status done = ended.status();
    if (done.ok() && !*ended) done = AwaitEnd();
    if (absl::IsDeadlineExceeded(done)) {
      session_.Finish(execution);
      Abandon();
      return absl::OkStatus();
    }
    return done.ok() ? TakeEnd(execution) : done;
  }

  // Without a watcher the short run was waited for.
  absl::Status AwaitEnd() {
    const auto kill = [this] { server_.KillForked(); };
    CallWatcher* const calls = session_.calls();
    return calls == nullptr ? AwaitLongRun(server_.event_fd(), session_.io(),
                                           session_.watch(), calls, kill)
                            : AwaitReadable(server_.event_fd(), session_.io(),
                                            session_.watch(), calls, kill);
  }

  absl::Status TakeEnd(Execution& execution) {
    const auto told = server_.Next();
    if (told.has_value() && told->kind == ForkTold::Kind::kFailed) {
      return SystemTrouble("fork the program", told->status);
    }
    if (told.has_value()) {
      SetStatus(told->status, session_.limits().cpu_ms != 0, execution);
      execution.cpu_ns = told->cpu_ns;
      execution.memory_peak_bytes = told->memory_peak_bytes;
    } else if (!server_.TookOrder()) {
      Abandon();
      return absl::AbortedError("the forkserver is gone");
    } else {
      // It killed its parent: that is how it ended, and nobody saw its code.
      execution.kind = ExitKind::kSignaled;
      execution.signal = SIGKILL;
    }
    session_.Finish(execution);
    if (!told.has_value()) Abandon();
    return absl::OkStatus();
  }

  void Abandon() {
    server_.Down();
    session_.Abandon();
  }

  absl::Status Tidy() {
    if (!session_.is_open()) return absl::OkStatus();
    const auto restored = session_.RestoreRoot();
    if (!restored.ok()) {
      Drop();
      return restored.status();
    }
    if (*restored) server_.Down();  // it was killed with the rest
    return absl::OkStatus();
  }

  Session session_;
  ForkServerProcess server_;
  RunMemoryFile memory_;
  StepBudget steps_;
  bool only_traces_;
  Capabilities capabilities_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Executor>> MakeForkExecutor(
    const ExecutorOptions& options, const ProgramFile& program,
    ExecutorKind kind) {
  auto executor = std::make_unique<ForkExecutor>(options, program, kind);
  if (absl::Status started = executor->Restart(); !started.ok()) return started;
  return executor;
}

absl::StatusOr<std::unique_ptr<Executor>> MakeTracer(
    ExecutorOptions options, const ProgramFile& program) {
  options.watcher = nullptr;
  auto executor = std::make_unique<ForkExecutor>(
      options, program, ExecutorKind::kZygote, /*only_traces=*/true);
  if (absl::Status started = executor->Restart(); !started.ok()) return started;
  return executor;
}

}  // namespace formfuzz::campaign
