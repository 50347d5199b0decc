// SPDX-License-Identifier: Apache-2.0
// Taking turns with a persistent process.

#include "campaign/process/executors/loop_executor.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include "campaign/process/judging.h"
#include "campaign/process/protocol/fork_server_process.h"
#include "campaign/process/protocol/run_memory_file.h"
#include "campaign/process/session/session.h"
#include "framework/base/clock.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// So often it is looked whether the file of stderr has grown too large.
constexpr uint64_t kTrimEvery = 4096;
// For what a program does before it asks for its first input.
constexpr uint64_t kStartMs = 20'000;

class LoopExecutor : public Executor {
 public:
  LoopExecutor(const ExecutorOptions& options, const ProgramFile& program)
      : session_(options, program), server_(session_) {
    capabilities_.kind = ExecutorKind::kRuntime;
    capabilities_.persistent = true;
    capabilities_.arguments = false;
    capabilities_.comparisons = true;
    capabilities_.input_bytes_max = kSharedInputMax;
  }

  absl::Status Run(const ProgramInput& input, Execution& execution) override {
    auto ran = RunTurn({&input.bytes, 1}, {&execution, 1});
    return ran.status();
  }

  absl::Status RunTraced(const ProgramInput& input, Execution& execution,
                         std::vector<Comparison>& comparisons) override {
    if (absl::Status done = EnsureReady(); !done.ok()) return done;
    memory_.ClearComparisons(/*steps_max=*/0);
    memory_.control().traces = 1;
    absl::Status done = Run(input, execution);
    memory_.control().traces = 0;
    if (done.ok()) memory_.TakeComparisons(comparisons);
    return done;
  }

  absl::StatusOr<size_t> RunBatch(std::span<const Bytes> inputs,
                                  std::span<Execution> executions) override {
    if (inputs.empty()) return 0;
    return RunTurn(inputs, executions);
  }

  absl::Status Restart() override {
    Drop();
    return EnsureReady();
  }

  const Capabilities& capabilities() const override { return capabilities_; }

 private:
  size_t cells() const { return capabilities_.coverage_size; }

  void Drop() {
    ready_ = false;
    server_.Down();
    session_.Close();
  }

  // A process that waits for its turn.
  absl::Status EnsureReady() {
    if (ready_ && !IsWornOut()) [[likely]] {
      return absl::OkStatus();
    }
    absl::Status done = ready_ ? Retire() : absl::OkStatus();
    if (done.ok() && !session_.is_open()) {
      server_.Down();
      done = session_.Open();
    }
    if (done.ok() && !server_.is_up()) done = StartServer();
    if (done.ok()) done = StartProcess();
    if (!done.ok()) Drop();
    return done;
  }

  bool IsWornOut() const {
    const uint64_t most = session_.options().persistent_runs_max;
    return most != 0 && runs_ >= most;
  }

  absl::Status Retire() {
    ready_ = false;
    server_.KillForked();
    session_.watch().Begin(/*baseline_processes=*/1);
    if (!AwaitEnd() || !server_.Next().has_value()) {
      server_.Down();
      session_.Abandon();
    }
    return absl::OkStatus();
  }

  absl::Status StartServer() {
    if (memory_.fd() < 0) {
      if (absl::Status made = memory_.Make(); !made.ok()) return made;
    }
    const auto hello = server_.Start(/*preload=*/false, memory_.fd());
    if (!hello.ok()) return hello.status();
    capabilities_.coverage_size =
        std::min<uint64_t>(hello->coverage_bytes, kCountersMax);
    // Counts are copied by eights at least, and every input needs some.
    const size_t fit = kBatchCountersBytes / std::max<size_t>(cells(), 1);
    capabilities_.batch_max = std::clamp<size_t>(fit, 1, kBatchMax);
    return absl::OkStatus();
  }

  absl::Status StartProcess() {
    memory_.control().turn.store(kStarting, std::memory_order_relaxed);
    memory_.control().batch_count = 0;
    absl::Status done = session_.io().PrepareLong();
    if (done.ok()) done = server_.Fork();
    if (!done.ok()) return done;
    const uint64_t start_ns = MonotonicNs();
    while (Turn() == kStarting) {
      WaitFor(kStarting);
      if (MonotonicNs() - start_ns > kStartMs * 1'000'000) break;
    }
    if (Turn() != kDone) return NeverReady();
    runs_ = 0;
    ready_ = true;
    return absl::OkStatus();
  }

  absl::Status NeverReady() {
    Execution said;
    session_.io().Finish(said);
    return absl::InvalidArgumentError(
        Concat("cannot run ", session_.program().path,
               ": it ended, or took longer ", "than ", kStartMs,
               " ms, before it asked for an input. It said: ", said.errors));
  }

  uint32_t Turn() {
    return memory_.control().turn.load(std::memory_order_acquire);
  }

  void WaitFor(uint32_t turn) {
    constexpr timespec kSlice{0, kWatchMs * 1'000'000};
    RunControl& control = memory_.control();
    if (Turn() != turn) return;
    control.supervisor_sleeps.store(1, std::memory_order_seq_cst);
    if (control.turn.load(std::memory_order_seq_cst) == turn) {
      WaitWhile(control.turn, turn, &kSlice);
    }
    control.supervisor_sleeps.store(0, std::memory_order_relaxed);
  }

  // Lays the inputs out; how many there was room for.
  size_t Place(std::span<const Bytes> inputs) {
    RunControl& control = memory_.control();
    const size_t most = std::min(inputs.size(), capabilities_.batch_max);
    size_t at = 0;
    size_t count = 0;
    for (; count < most; ++count) {
      const size_t size = std::min(inputs[count].size(), kSharedInputMax);
      if (at + size > kInputAreaBytes) break;
      if (size != 0) memcpy(memory_.inputs() + at, inputs[count].data(), size);
      control.slots[count] = {static_cast<uint32_t>(at),
                              static_cast<uint32_t>(size)};
      at += (size + 15) & ~size_t{15};
    }
    control.batch_count = static_cast<uint32_t>(count);
    control.batch_stride = static_cast<uint32_t>(cells());
    control.batch_done.store(0, std::memory_order_relaxed);
    return count;
  }

  absl::StatusOr<size_t> RunTurn(std::span<const Bytes> inputs,
                                 std::span<Execution> executions) {
    if (absl::Status done = EnsureReady(); !done.ok()) return done;
    const size_t count = Place(inputs);
    const auto live = memory_.counters(cells());
    memset(live.data(), 0, live.size());
    const uint64_t start_ns = MonotonicNs();
    memory_.control().turn.store(kRun, std::memory_order_release);
    Wake(memory_.control().turn);
    WaitFor(kRun);
    if (Turn() != kDone) [[unlikely]] {
      return EndTurn(count, executions);
    }
    runs_ += count;
    Report(count, MonotonicNs() - start_ns, executions, count > 1);
    if (runs_ % kTrimEvery < count) session_.io().TrimErrors();
    return count;
  }

  // Of runs after which the process went on.
  void Report(size_t count, uint64_t wall_ns, std::span<Execution> executions,
              bool batch) {
    for (size_t i = 0; i < count; ++i) {
      Execution& execution = executions[i];
      execution = {};
      execution.wall_ns = wall_ns / count;
      execution.coverage = batch ? memory_.batch_counters(i, cells())
                                 : memory_.counters(cells());
    }
  }

  // The slow way: it takes long, or has ended.
  absl::StatusOr<size_t> EndTurn(size_t count,
                                 std::span<Execution> executions) {
    session_.watch().Begin(/*baseline_processes=*/1);
    absl::Status watched = AwaitTurn();
    if (!watched.ok()) {
      Drop();
      return watched;
    }
    if (Turn() == kDone && !session_.watch().exceeded()) {
      runs_ += count;
      Execution last;
      session_.watch().Finish(last);
      Report(count, last.wall_ns, executions, count > 1);
      return count;
    }
    ready_ = false;
    const size_t done = std::min<size_t>(
        memory_.control().batch_done.load(std::memory_order_relaxed),
        count - 1);
    Report(done, 0, executions, /*batch=*/count > 1);
    executions[done] = {};
    TakeEnd(executions[done]);
    executions[done].coverage = memory_.counters(cells());
    return done + 1;
  }

  absl::Status AwaitTurn() {
    while (Turn() == kRun) {
      WaitFor(kRun);
      if (session_.watch().lost_patience()) return absl::OkStatus();
      if (session_.watch().exceeded()) continue;
      const auto exceeds = session_.watch().Exceeds();
      if (!exceeds.ok()) return exceeds.status();
      if (*exceeds) server_.KillForked();
      if (!ServerLives()) return absl::OkStatus();
    }
    return absl::OkStatus();
  }

  // A program may kill its forkserver: then nobody says that it ended.
  bool ServerLives() {
    pollfd polls{server_.event_fd(), POLLIN, 0};
    return poll(&polls, 1, 0) == 0 || (polls.revents & POLLHUP) == 0;
  }

  // Until its forkserver says that it ended; the word that says so, too, may
  // be the program's own writing. False if nobody says it.
  bool AwaitEnd() {
    Watch& watch = session_.watch();
    pollfd polls{server_.event_fd(), POLLIN, 0};
    while (!watch.lost_patience()) {
      if (poll(&polls, 1, watch.patience_ms()) > 0) return true;
      if (watch.exceeded()) continue;
      const auto exceeds = watch.Exceeds();
      if (!exceeds.ok()) return false;
      if (*exceeds) server_.KillForked();
    }
    return false;
  }

  void TakeEnd(Execution& execution) {
    std::optional<ForkTold> told;
    if (AwaitEnd()) told = server_.Next();
    if (told.has_value()) {
      SetStatus(told->status, session_.limits().cpu_ms != 0, execution);
      execution.memory_peak_bytes = told->memory_peak_bytes;
    } else {
      execution.kind = ExitKind::kSignaled;
      execution.signal = SIGKILL;
    }
    session_.Finish(execution);
    if (!told.has_value()) {
      server_.Down();
      session_.Abandon();
    }
  }

  Session session_;
  ForkServerProcess server_;
  RunMemoryFile memory_;
  Capabilities capabilities_;
  bool ready_ = false;
  uint64_t runs_ = 0;  // of the present process
};

}  // namespace

absl::StatusOr<std::unique_ptr<Executor>> MakeLoopExecutor(
    const ExecutorOptions& options, const ProgramFile& program) {
  auto executor = std::make_unique<LoopExecutor>(options, program);
  if (absl::Status started = executor->Restart(); !started.ok()) return started;
  return executor;
}

}  // namespace formfuzz::campaign
