// SPDX-License-Identifier: Apache-2.0
// Start, fork, hear.

#include "campaign/process/protocol/fork_server_process.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>
#include <vector>

#include "campaign/process/sandbox/embedded.h"
#include "campaign/process/sandbox/memory_file.h"
#include "campaign/process/session/watch.h"
#include "campaign/process/wire/packet_socket.h"
#include "campaign/process/wire/run_memory.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// For what the program does before its forkserver: loading, constructors.
constexpr uint64_t kStartMs = 20'000;
// Runs to observe: the first ones have warmed up, and later inputs are others.
constexpr uint64_t kObservedRuns[] = {32, 1024};

}  // namespace

absl::StatusOr<ForkTold> ForkServerProcess::Start(bool preload, int memory_fd) {
  auto sockets = MakePacketSockets();
  if (!sockets.ok()) return sockets.status();
  std::vector<std::string> environment = session_.ForkServerEnvironment();
  SetVariable(kForkServerVariable,
              session_.options().isolation.unsafe_host ? kOnHost : kInSandbox,
              environment);
  if (preload) SetVariable("LD_PRELOAD", kLibraryPath, environment);
  // Who watches system calls is to see those that load it.
  if (session_.program().locales && session_.calls() == nullptr) {
    SetVariable(kLocalesVariable, "1", environment);
  }
  RunIo& io = session_.io();
  absl::Status done = io.PrepareLong(environment);
  if (!done.ok()) return done;
  struct Start start = session_.StartOfForkServer();
  io.Describe(start);
  std::vector<int> fds(io.fds().begin(), io.fds().end());
  const auto give = [&](int fd, int as) {
    start.fd_as[fds.size()] = as;
    fds.push_back(fd);
  };
  give(sockets->second.get(), kForkSocketFd);
  give(session_.sandbox().launch_block_fd(), kForkBlockFd);
  if (memory_fd >= 0) give(memory_fd, kRunMemoryFd);
  if (preload) {
    auto library = MemoryFileOf("formfuzz-zygote", ZygoteLibrary());
    if (!library.ok()) return library.status();
    library_ = *std::move(library);
    give(library_.get(), kLibraryFd);
  }
  session_.sandbox().launch_block().order = 0;
  auto pid = session_.sandbox().StartProgram(start, fds);
  if (!pid.ok()) return pid.status();
  io.HandedOver();
  socket_ = std::move(sockets->first);
  words_ = descriptors_ = work_ = 0;
  guarded_ = told_in_block_ = observed_ = false;
  short_runs_ = 0;
  return AwaitHello();
}

absl::StatusOr<ForkTold> ForkServerProcess::AwaitHello() {
  pollfd polls[] = {{socket_.get(), POLLIN, 0},
                    {session_.sandbox().event_fd(), POLLIN, 0}};
  const int ready = poll(polls, 2, static_cast<int>(kStartMs));
  std::optional<ForkTold> told;
  if (ready > 0 && (polls[0].revents & POLLIN) != 0) told = Next();
  if (told.has_value() && told->kind == ForkTold::Kind::kHello) return *told;
  Execution said;
  session_.io().Finish(said);
  Down();
  return absl::InvalidArgumentError(
      Concat("cannot start ", session_.program().path, " as a forkserver: it ",
             ready == 0 ? "did not come to main" : "ended before main",
             "; the kind \"spawn\" runs whatever can be executed. It said: ",
             said.errors));
}

ForkAsked ForkServerProcess::Describe(bool traces) {
  ForkAsked asked;
  RunIo& io = session_.io();
  const Sandbox& sandbox = session_.sandbox();
  io.Describe(asked);
  asked.cpu_s = session_.cpu_s();
  asked.traces = traces ? 1 : 0;
  asked.observes = observed_ ? 1 : 0;
  asked.keeps_words = words_ == sandbox.words_version() ? 1 : 0;
  asked.keeps_fds = descriptors_ == io.descriptors_version() ? 1 : 0;
  if (asked.keeps_fds != 0) asked.fd_count = 0;
  if (work_ != sandbox.work_version()) {
    snprintf(asked.folder, sizeof(asked.folder), "%s",
             sandbox.work_path().c_str());
  }
  return asked;
}

bool ForkServerProcess::Send(const ForkAsked& asked) {
  LaunchBlock& block = session_.sandbox().launch_block();
  const bool in_block = asked.fd_count == 0 && asked.guard == 0 && !guarded_;
  if (in_block) {
    block.asked = asked;
  } else if (!SendPacket(socket_.get(), &asked, sizeof(asked),
                         asked.fd_count == 0 ? std::span<const int>()
                                             : session_.io().fds())) {
    return false;
  }
  block.order.store(
      static_cast<uint32_t>(in_block ? Order::kInBlock : Order::kInPacket),
      std::memory_order_release);
  Wake(block.order);
  return true;
}

absl::Status ForkServerProcess::Fork(bool traces) {
  return ForkAwaiting(Awaits::kPacket, traces);
}

absl::Status ForkServerProcess::ForkAwaiting(Awaits awaits, bool traces) {
  RunIo& io = session_.io();
  Sandbox& sandbox = session_.sandbox();
  sandbox.launch_block().awaits = static_cast<uint32_t>(awaits);
  if (!Send(Describe(traces))) {
    Down();
    return absl::AbortedError("the forkserver is gone");
  }
  words_ = sandbox.words_version();
  descriptors_ = io.descriptors_version();
  work_ = sandbox.work_version();
  io.HandedOver();
  return absl::OkStatus();
}

absl::StatusOr<bool> ForkServerProcess::ForkForShortRun(bool traces) {
  observed_ = !guarded_ && !traces &&
              std::find(std::begin(kObservedRuns), std::end(kObservedRuns),
                        ++short_runs_) != std::end(kObservedRuns);
  absl::Status done =
      ForkAwaiting(guarded_ ? Awaits::kPacket : Awaits::kWord, traces);
  if (!done.ok()) return done;
  return !guarded_ && AwaitShortRun();
}

bool ForkServerProcess::TookOrder() const {
  const auto& order = session_.sandbox().launch_block().order;
  return guarded_ || order.load() == static_cast<uint32_t>(Order::kNone);
}

bool ForkServerProcess::AwaitShortRun() {
  constexpr timespec kMoment{0, kShortRunMs * 1'000'000};
  auto& awaits = session_.sandbox().launch_block().awaits;
  auto word = static_cast<uint32_t>(Awaits::kWord);
  WaitWhile(awaits, word, &kMoment);
  told_in_block_ = !awaits.compare_exchange_strong(
      word, static_cast<uint32_t>(Awaits::kPacket));
  return told_in_block_;
}

absl::StatusOr<UniqueFd> ForkServerProcess::Guard(
    std::span<const sock_filter> filter) {
  absl::Status set = session_.sandbox().SetFilter(filter);
  if (!set.ok()) return set;
  ForkAsked asked;
  asked.guard = 1;
  UniqueFd listener;
  std::optional<ForkTold> told;
  if (Send(asked)) told = Next(&listener);
  if (told.has_value() && told->kind == ForkTold::Kind::kGuarded) {
    guarded_ = true;
    return listener;
  }
  return SystemTrouble("filter the calls of a forkserver",
                       told.has_value() ? told->status : ESRCH);
}

std::optional<ForkTold> ForkServerProcess::Next(UniqueFd* got) {
  ForkTold told;
  ReceivedFds received;
  if (std::exchange(told_in_block_, false)) {
    return session_.sandbox().launch_block().told;
  }
  const ssize_t size =
      ReceivePacket(socket_.get(), &told, sizeof(told), received);
  for (const int number : received.all()) {
    UniqueFd fd(number);
    if (got != nullptr) *got = std::move(fd);
  }
  if (size == sizeof(told)) return told;
  Down();
  return std::nullopt;
}

void ForkServerProcess::KillForked() {
  session_.sandbox().Kill(session_.sandbox().launch_block().forked);
}

}  // namespace formfuzz::campaign
