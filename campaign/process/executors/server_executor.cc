// SPDX-License-Identifier: Apache-2.0
// A server process that lives through many runs.

#include "campaign/process/executors/server_executor.h"

#include <poll.h>
#include <sys/socket.h>

#include <optional>
#include <string>

#include "campaign/process/judging.h"
#include "campaign/process/protocol/conversation.h"
#include "campaign/process/session/session.h"
#include "framework/base/clock.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr int kRetryMs = 2;  // between attempts to connect
// After the connection broke: a dying server is given so long to be dead.
constexpr int kDeathMs = 50;

class ServerExecutor : public Executor {
 public:
  ServerExecutor(const ExecutorOptions& options, const ProgramFile& program)
      : session_(options, program), address_(*options.server) {
    capabilities_.kind = ExecutorKind::kServer;
    capabilities_.persistent = true;
    capabilities_.arguments = false;
  }

  absl::Status Run(const ProgramInput& input, Execution& execution) override {
    execution = {};
    absl::Status done = EnsureReady();
    if (!done.ok()) return done;
    session_.watch().Begin(/*baseline_processes=*/0);
    auto socket = session_.sandbox().Connect(ConnectTo(address_));
    ConversationEnd end = ConversationEnd::kClosed;
    if (socket.ok())
      end = Converse(socket->get(), input.bytes, Rules(), answer_);
    ++runs_;
    done = JudgeServer(end, socket.ok(), execution);
    execution.output = answer_;
    return done;
  }

  absl::Status Restart() override {
    Drop();
    return EnsureReady();
  }

  const Capabilities& capabilities() const override { return capabilities_; }

 private:
  void Drop() {
    ready_ = false;
    session_.Close();
  }

  bool IsWornOut() const {
    return address_.runs_max != 0 && runs_ >= address_.runs_max;
  }

  absl::Status EnsureReady() {
    if (ready_ && !IsWornOut()) return absl::OkStatus();
    ready_ = false;
    // A new network as well: the port of a server that closed a connection
    // stays taken for a minute.
    absl::Status done = session_.Open();
    if (done.ok()) done = StartServer();
    if (!done.ok()) Drop();
    return done;
  }

  absl::Status StartServer() {
    absl::Status done = session_.io().PrepareLong();
    if (!done.ok()) return done;
    // A daemon's parent ends; the daemon itself is the server then.
    Start start = session_.StartOf(/*keeps_orphans=*/true);
    session_.io().Describe(start);
    const auto pid =
        session_.sandbox().StartProgram(start, session_.io().fds());
    if (!pid.ok()) return pid.status();
    session_.io().HandedOver();
    runs_ = 0;
    return AwaitReady();
  }

  absl::Status AwaitReady() {
    const uint64_t start_ns = MonotonicNs();
    while (MonotonicNs() - start_ns < address_.ready_ms * 1'000'000) {
      if (session_.sandbox().Connect(ConnectTo(address_)).ok() && Answers()) {
        ready_ = true;
        return absl::OkStatus();
      }
      if (session_.sandbox().CountChildren() == 0) break;
      poll(nullptr, 0, kRetryMs);
    }
    Execution said;
    session_.io().Finish(said);
    return absl::InvalidArgumentError(
        Concat("cannot fuzz the server ", session_.program().path,
               ": it did not become ready at ", Where(), " within ",
               address_.ready_ms, " ms. It said: ", said.errors));
  }

  // Connecting a datagram socket asks nobody: only an error that came back
  // tells that there is no server yet.
  bool Answers() {
    if (address_.kind != ServerAddress::Kind::kUdp) return true;
    auto socket = session_.sandbox().Connect(ConnectTo(address_));
    if (!socket.ok() || send(socket->get(), "", 0, MSG_NOSIGNAL) < 0) {
      return false;
    }
    pollfd polls{socket->get(), POLLIN, 0};
    poll(&polls, 1, kRetryMs);
    return (polls.revents & POLLERR) == 0;
  }

  std::string Where() const {
    return address_.kind == ServerAddress::Kind::kUnix
               ? address_.path
               : Concat("127.0.0.1:", address_.port);
  }

  ConversationRules Rules() const {
    ConversationRules rules;
    rules.stream = address_.kind != ServerAddress::Kind::kUdp;
    rules.quiet_ms = address_.quiet_ms;
    rules.wall_ms = session_.limits().wall_ms;
    rules.answer_bytes = session_.limits().output_bytes;
    return rules;
  }

  // Dead, over a limit, deaf, or well.
  absl::Status JudgeServer(ConversationEnd end, bool connected,
                           Execution& execution) {
    Sandbox& sandbox = session_.sandbox();
    const bool suspicious = end == ConversationEnd::kClosed || !connected;
    const bool dying = suspicious && IsDying();
    auto ended = sandbox.NextEnded();
    if (ended.ok() && !ended->has_value() && dying) {
      pollfd polls{sandbox.event_fd(), POLLIN, 0};
      poll(&polls, 1, kDeathMs);
      ended = sandbox.NextEnded();
    }
    if (!ended.ok()) return ended.status();
    const bool exceeds = session_.watch().Exceeds().value_or(false);
    if (ended->has_value() && sandbox.CountChildren() == 0) {
      SetStatus((*ended)->status, session_.limits().cpu_ms != 0, execution);
      return End(execution);
    }
    if (!connected || end == ConversationEnd::kTooLong || exceeds ||
        sandbox.CountChildren() == 0) {
      session_.watch().Finish(execution);
      if (!exceeds) execution.kind = ExitKind::kTimedOut;
      return End(execution);
    }
    session_.watch().Finish(execution);
    session_.io().TrimErrors();
    return absl::OkStatus();
  }

  // The connection breaks a moment before the process is gone.
  bool IsDying() {
    const auto population = session_.sandbox().Measure();
    return population.ok() &&
           (population->ending > 0 || population->processes == 0);
  }

  absl::Status End(Execution& execution) {
    session_.Finish(execution);
    ready_ = false;
    return session_.sandbox().KillAll();
  }

  Session session_;
  const ServerAddress address_;
  Capabilities capabilities_;
  bool ready_ = false;
  uint64_t runs_ = 0;
  std::string answer_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Executor>> MakeServerExecutor(
    const ExecutorOptions& options, const ProgramFile& program) {
  if (!options.server.has_value()) {
    return absl::InvalidArgumentError(
        "a server needs an address: where is it reached?");
  }
  auto executor = std::make_unique<ServerExecutor>(options, program);
  if (absl::Status started = executor->Restart(); !started.ok()) return started;
  return executor;
}

}  // namespace formfuzz::campaign
