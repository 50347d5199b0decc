// SPDX-License-Identifier: Apache-2.0
// Awaiting, visiting, stopping.

#include "campaign/process/session/visits.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kMs = 1'000'000;
constexpr int kRetryMs = 2;  // between attempts to connect
constexpr int kLookMs = 10;  // at a server that is to stop
constexpr size_t kAnswerBytesMax = 4096;
constexpr uint64_t kVisitMs = 2000;

// A connection that ends so leaves nobody waiting for stray packets, and the
// port free for the next run.
void EndAbruptly(int socket) {
  const linger at_once{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

// Connecting a datagram socket asks nobody: only an error that came back tells
// that there is no server yet.
bool IsRefused(int socket) {
  if (send(socket, "", 0, MSG_NOSIGNAL) < 0) return true;
  pollfd polls{socket, POLLIN, 0};
  poll(&polls, 1, kRetryMs);
  return (polls.revents & POLLERR) != 0;
}

}  // namespace

Visits::Visits(Sandbox& sandbox, const ExecutorOptions& options,
               std::span<const std::string> requests, pid_t server)
    : sandbox_(sandbox),
      service_(*options.service),
      requests_(requests),
      descriptors_max_(options.limits.descriptors_max),
      ours_(options.watcher == nullptr ? 0 : 1),
      stage_ns_(MonotonicNs()),
      server_(server) {
  rules_.stream = service_.address.kind != ServerAddress::Kind::kUdp;
  rules_.quiet_ms = service_.address.quiet_ms;
  rules_.wall_ms = kVisitMs;
  rules_.answer_bytes = kAnswerBytesMax;
}

uint64_t Visits::elapsed_ms() const {
  return (MonotonicNs() - stage_ns_) / kMs;
}

size_t Visits::AddPolls(pollfd* polls) const {
  for (size_t i = 0; i < visits_.size(); ++i) {
    polls[i] = visits_[i]->exchange.Awaits();
  }
  return visits_.size();
}

int Visits::patience_ms() const {
  if (stage_ == Stage::kAwaiting) return kRetryMs;
  int patience = kLookMs;
  for (const auto& visit : visits_) {
    patience = std::min(patience, visit->exchange.patience_ms());
  }
  return patience;
}

absl::StatusOr<UniqueFd> Visits::Connect() {
  auto socket = sandbox_.Connect(ConnectTo(service_.address));
  if (socket.ok()) EndAbruptly(socket->get());
  if (!socket.ok() || rules_.stream || !IsRefused(socket->get())) {
    return socket;
  }
  return absl::UnavailableError("nobody listens");
}

void Visits::Begin(UniqueFd socket) {
  visits_.push_back(std::make_unique<Visit>(
      std::move(socket), AsBytes(requests_[next_++]), rules_));
}

absl::Status Visits::StartPeer() {
  if (service_.peer.empty()) return absl::OkStatus();
  const std::vector<std::string> environment = {
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "HOME=" + sandbox_.work_path()};
  absl::Status set = sandbox_.SetWords(service_.peer, environment);
  if (!set.ok()) return set;
  struct Start start;
  start.keeps_orphans = 1;
  start.unwatched = 1;
  start.descriptors_max = static_cast<uint32_t>(descriptors_max_);
  snprintf(start.folder, sizeof(start.folder), "%s",
           sandbox_.work_path().c_str());
  const auto pid = sandbox_.StartProgram(start, {});
  if (!pid.ok()) return pid.status();
  peer_ = *pid;
  return absl::OkStatus();
}

// What was started has ended: a daemon may have taken its place.
bool Visits::HasOrphans() const {
  return sandbox_.CountChildren() > ours_ + (peer_ == 0 ? 0 : 1);
}

void Visits::Finish() {
  stage_ = Stage::kOver;
  visits_.clear();
  if (peer_ != 0) sandbox_.Kill(peer_);
}

void Visits::Stop() {
  if (server_ == 0) {
    Finish();
    return;
  }
  visits_.clear();
  stage_ = Stage::kStopping;
  stage_ns_ = MonotonicNs();
  sandbox_.Signal(server_, service_.stop_signal);
}

void Visits::GiveUp() {
  if (server_ != 0) sandbox_.Kill(server_);
  if (peer_ != 0) sandbox_.Kill(peer_);
  killed_ = true;
  if (server_ == 0) Finish();
}

void Visits::TakeEnd(pid_t process) {
  if (process == peer_) peer_ = 0;
  if (process != server_) return;
  server_ = 0;
  if (stage_ == Stage::kStopping || killed_ || !HasOrphans()) Finish();
}

absl::Status Visits::Go(std::span<const pollfd> polls) {
  for (size_t i = 0; i < polls.size() && i < visits_.size(); ++i) {
    if (!visits_[i]->exchange.Move(polls[i].revents).has_value()) continue;
    if (!visits_[i]->answer.empty()) ++answered_;
    visits_[i].reset();
  }
  std::erase(visits_, nullptr);
  while (next_ < requests_.size() && visits_.size() < kAtOnceMax) {
    auto socket = Connect();
    if (!socket.ok()) {
      next_ = requests_.size();  // it has stopped listening
      break;
    }
    Begin(*std::move(socket));
  }
  if (visits_.empty() && peer_ == 0) Stop();
  return absl::OkStatus();
}

absl::Status Visits::Await() {
  if (MonotonicNs() < try_ns_) return absl::OkStatus();
  auto socket = Connect();
  if (socket.ok()) {
    reached_ = true;
    stage_ = Stage::kVisiting;
    if (!requests_.empty()) Begin(*std::move(socket));
    return StartPeer();
  }
  try_ns_ = MonotonicNs() + kRetryMs * kMs;
  if (server_ == 0 && !HasOrphans()) {
    Finish();
  } else if (elapsed_ms() >= service_.address.ready_ms) {
    Stop();
  }
  return absl::OkStatus();
}

absl::Status Visits::Move(std::span<const pollfd> polls) {
  switch (stage_) {
    case Stage::kAwaiting:
      return Await();
    case Stage::kVisiting:
      return Go(polls);
    case Stage::kStopping:
      if (elapsed_ms() < service_.stop_ms || killed_) return absl::OkStatus();
      killed_ = true;
      sandbox_.Kill(server_);
      return absl::OkStatus();
    case Stage::kOver:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

}  // namespace formfuzz::campaign
