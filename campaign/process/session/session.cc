// SPDX-License-Identifier: Apache-2.0
// Opening, renewing and closing.

#include "campaign/process/session/session.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "campaign/process/judging.h"
#include "campaign/process/sandbox/embedded.h"
#include "campaign/process/wire/fork_messages.h"

namespace formfuzz::campaign {

Session::~Session() {
  Close();
  if (cpus_before_.has_value()) {
    sched_setaffinity(0, sizeof(cpu_set_t), &*cpus_before_);
  }
}

// Handing over between two CPUs costs tens of times what it does on one.
void Session::Pin() {
  if (cpus_before_.has_value()) return;
  cpu_ = options_.isolation.cpu >= 0 ? options_.isolation.cpu : sched_getcpu();
  cpu_set_t before;
  if (cpu_ < 0 || sched_getaffinity(0, sizeof(before), &before) != 0) return;
  cpus_before_ = before;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<unsigned>(cpu_), &one);
  sched_setaffinity(0, sizeof(one), &one);
}

absl::Status Session::Open() {
  Close();
  Pin();
  opened_ = VersionOf(program_.path);
  SandboxOptions wanted;
  wanted.unsafe_host = options_.isolation.unsafe_host;
  wanted.share_ipc = share_ipc_;
  wanted.watched = calls() != nullptr;
  wanted.owns_addresses = options_.answering_port != 0;
  wanted.cpu = cpu_;
  wanted.disk_bytes = options_.limits.disk_bytes;
  wanted.processes_max = options_.limits.processes_max;
  auto sandbox = Sandbox::Make(wanted);
  if (!sandbox.ok()) return sandbox.status();
  sandbox_ = *std::move(sandbox);
  if (options_.answering_port != 0 && !wanted.unsafe_host) {
    auto socket = sandbox_->Listen(options_.answering_port);
    if (!socket.ok()) return socket.status();
    auto peer = LoopbackPeer::Make(*std::move(socket));
    if (!peer.ok()) return peer.status();
    peer_ = *std::move(peer);
  }
  io_ = std::make_unique<RunIo>(options_, program_.path, *sandbox_);
  watch_ = std::make_unique<Watch>(options_.limits, *sandbox_);
  return absl::OkStatus();
}

bool Session::NeedsFilter() const {
  if (calls() == nullptr) return false;
  pollfd listener{calls()->listener(), POLLIN, 0};
  if (listener.fd < 0 || calls()->Outgrown()) return true;
  return poll(&listener, 1, 0) > 0 && (listener.revents & POLLHUP) != 0;
}

absl::Status Session::Guard() {
  if (!NeedsFilter()) return absl::OkStatus();
  const bool takes_library = program_.dynamic && !program_.privileged;
  if (calls()->WantsMarks() && takes_library && !marking_library_.ok()) {
    auto library = MemoryFileOf("formfuzz-zygote", ZygoteLibrary());
    if (!library.ok()) return library.status();
    marking_library_ = *std::move(library);
  }
  if (marking_library_.ok()) io_->AskForMarks(marking_library_.get());
  auto listener = sandbox_->Guard(calls()->Filter(sandbox_->own_code()));
  if (!listener.ok()) return listener.status();
  calls()->Listen(*std::move(listener), nullptr);
  return absl::OkStatus();
}

bool Session::ProgramWasReplaced() const {
  return VersionOf(program_.path) != opened_;
}

void Session::Close() {
  watch_.reset();
  io_.reset();
  peer_.reset();
  sandbox_.reset();
}

absl::StatusOr<bool> Session::RestoreRoot() {
  if (sandbox_->RootIsClean()) return false;
  absl::Status done = sandbox_->KillAll();
  if (done.ok()) done = sandbox_->RebuildRoot();
  if (!done.ok()) return done;
  return true;
}

uint32_t Session::cpu_s() const {
  return static_cast<uint32_t>((limits().cpu_ms + 999) / 1000);
}

Start Session::StartOf(bool keeps_orphans) const {
  Start start;
  start.keeps_orphans = keeps_orphans ? 1 : 0;
  start.file_bytes = limits().file_bytes;
  start.descriptors_max = limits().descriptors_max;
  // Without namespaces the limit would count all that the user runs.
  const bool counted = !options_.isolation.unsafe_host && getuid() != 0;
  start.processes_max = counted ? limits().processes_max : 0;
  snprintf(start.folder, sizeof(start.folder), "%s",
           sandbox_->work_path().c_str());
  return start;
}

Start Session::StartOfForkServer() const {
  Start start = StartOf(/*keeps_orphans=*/false);
  start.fixed_addresses = 1;
  return start;
}

std::vector<std::string> Session::ForkServerEnvironment() const {
  std::vector<std::string> environment = BaseEnvironment(options_, *sandbox_);
  // Once here instead of in every process.
  SetVariable("LD_BIND_NOW", "1", environment);
  const bool tuned = std::any_of(
      environment.begin(), environment.end(), [](const std::string& variable) {
        return variable.starts_with(kTunablesVariable);
      });
  // Who watches system calls is to see all that the C library makes.
  if (calls() == nullptr && !tuned) {
    SetVariable(kTunablesVariable, kTunables, environment);
  }
  return environment;
}

void Session::Finish(Execution& execution) {
  watch_->Finish(execution);
  io_->Finish(execution);
  Judge(options_.crash_rules, program_.libfuzzer, execution);
}

}  // namespace formfuzz::campaign
