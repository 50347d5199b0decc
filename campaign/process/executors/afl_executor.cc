// SPDX-License-Identifier: Apache-2.0
// Runs by AFL++'s forkserver.

#include "campaign/process/executors/afl_executor.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "campaign/process/judging.h"
#include "campaign/process/protocol/afl_fork_server.h"
#include "campaign/process/protocol/system_v_memory.h"
#include "campaign/process/session/session.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// The largest map that a word of the old handshake can name.
constexpr size_t kMapMax = size_t{8} << 20;
constexpr size_t kInputMax = size_t{1} << 20;  // AFL++'s MAX_FILE
constexpr uint64_t kLookForOrphansEvery = 1000;

class AflExecutor : public Executor {
 public:
  AflExecutor(const ExecutorOptions& options, const ProgramFile& program)
      : session_(options, program), server_(session_) {
    capabilities_.kind = ExecutorKind::kAfl;
    capabilities_.persistent = program.persistent;
    capabilities_.arguments = false;
    shares_ipc_ = options.isolation.unsafe_host || geteuid() != 0;
    if (shares_ipc_) session_.ShareIpc();
  }

  absl::Status Run(const ProgramInput& input, Execution& execution) override {
    execution = {};
    absl::Status done = EnsureUp();
    if (done.ok()) done = Hand(input);
    if (done.ok()) done = RunOnce(execution);
    if (!done.ok()) {
      Drop();
      return done;
    }
    execution.coverage = {map_.at(), capabilities_.coverage_size};
    return Tidy();
  }

  absl::Status Restart() override {
    Drop();
    return EnsureUp();
  }

  const Capabilities& capabilities() const override { return capabilities_; }

 private:
  void Drop() {
    server_.Down();
    session_.Close();
  }

  absl::Status EnsureUp() {
    if (session_.is_open() && server_.is_up()) [[likely]] {
      return absl::OkStatus();
    }
    absl::Status done = absl::OkStatus();
    if (!session_.is_open()) {
      server_.Down();
      done = session_.Open();
    }
    const int space = shares_ipc_ ? -1 : session_.sandbox().ipc_fd();
    if (done.ok()) done = map_.Make(kMapMax, space);
    if (done.ok()) done = input_.Make(kInputMax + sizeof(uint32_t), space);
    if (done.ok()) done = StartServer();
    if (!done.ok()) Drop();
    return done;
  }

  std::vector<std::string> Environment(bool names_size) {
    std::vector<std::string> environment = session_.ForkServerEnvironment();
    const ProgramFile& program = session_.program();
    SetVariable("__AFL_SHM_ID", Concat(map_.id()), environment);
    SetVariable("__AFL_SHM_FUZZ_ID", Concat(input_.id()), environment);
    if (program.persistent) SetVariable("__AFL_PERSISTENT", "1", environment);
    if (program.afl_deferred) {
      SetVariable("__AFL_DEFER_FORKSRV", "1", environment);
    }
    if (names_size) SetVariable("AFL_MAP_SIZE", Concat(kMapMax), environment);
    return environment;
  }

  absl::Status StartServer() {
    auto terms = server_.Start(Environment(/*names_size=*/false));
    if (!terms.ok()) {
      // Programs with more edges than a map has by default want to be told.
      absl::Status reopened = session_.sandbox().KillAll();
      if (!reopened.ok()) return reopened;
      auto again = server_.Start(Environment(/*names_size=*/true));
      if (!again.ok()) return terms.status();
      terms = again;
    }
    if (terms->map_bytes > kMapMax) {
      return absl::InvalidArgumentError(
          Concat(session_.program().path, " wants a map of ", terms->map_bytes,
                 " bytes; at most ", kMapMax, " are given"));
    }
    capabilities_.coverage_size = terms->map_bytes;
    shares_input_ = terms->shares_input;
    capabilities_.input_bytes_max = shares_input_ ? kInputMax : 0;
    killed_ = false;
    return absl::OkStatus();
  }

  absl::Status Hand(const ProgramInput& input) {
    memset(map_.at(), 0, capabilities_.coverage_size);
    if (!shares_input_) return session_.io().Renew(input);
    const uint32_t size =
        static_cast<uint32_t>(std::min(input.bytes.size(), kInputMax));
    memcpy(input_.at(), &size, sizeof(size));
    if (size != 0) memcpy(input_.at() + sizeof(size), input.bytes.data(), size);
    return absl::OkStatus();
  }

  absl::Status RunOnce(Execution& execution) {
    // A process that went on has its words told apart by running it afresh.
    if (!went_on_) session_.io().ForgetErrors();
    session_.watch().Begin(/*baseline_processes=*/1);
    const auto pid = server_.Fork(killed_);
    if (!pid.has_value()) return TakeLostServer(execution);
    absl::Status done =
        AwaitReadable(server_.event_fd(), session_.io(), session_.watch(),
                      nullptr, [&] { session_.sandbox().Kill(*pid); });
    if (absl::IsDeadlineExceeded(done)) return TakeLostServer(execution);
    if (!done.ok()) return done;
    const auto status = server_.NextStatus();
    if (!status.has_value()) return TakeLostServer(execution);
    went_on_ = WIFSTOPPED(*status);
    killed_ = session_.watch().exceeded();
    if (!went_on_) {
      SetStatus(*status, session_.limits().cpu_ms != 0, execution);
    }
    if (went_on_ && !killed_) {
      session_.watch().Finish(execution);
    } else {
      session_.Finish(execution);
    }
    return absl::OkStatus();
  }

  absl::Status TakeLostServer(Execution& execution) {
    execution.kind = ExitKind::kSignaled;
    execution.signal = SIGKILL;
    session_.Finish(execution);
    server_.Down();
    session_.Abandon();
    return absl::OkStatus();
  }

  // Orphans become the nursery's children, beside the server. A persistent
  // process is believed to have none while it goes on.
  absl::Status Tidy() {
    if (!session_.is_open()) return absl::OkStatus();
    const bool ended = !went_on_;
    if (!ended && ++runs_ % kLookForOrphansEvery != 0) return absl::OkStatus();
    if (!ended) session_.io().TrimErrors();  // else emptied before each run
    if (session_.sandbox().CountChildren() > 1) {
      server_.Down();
      absl::Status killed = session_.sandbox().KillAll();
      if (!killed.ok()) Drop();
      return killed;
    }
    const auto restored = session_.RestoreRoot();
    if (restored.ok() && *restored) server_.Down();
    return restored.status();
  }

  Session session_;
  AflForkServer server_;
  SystemVMemory map_;
  SystemVMemory input_;
  Capabilities capabilities_;
  bool shares_ipc_ = false;
  bool shares_input_ = false;
  bool killed_ = false;
  bool went_on_ = false;
  uint64_t runs_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Executor>> MakeAflExecutor(
    const ExecutorOptions& options, const ProgramFile& program) {
  auto executor = std::make_unique<AflExecutor>(options, program);
  if (absl::Status started = executor->Restart(); !started.ok()) return started;
  return executor;
}

}  // namespace formfuzz::campaign
