// SPDX-License-Identifier: Apache-2.0
// Limits that are watched from outside.

#include "campaign/process/session/watch.h"

#include <algorithm>

#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kMs = 1'000'000;

}  // namespace

pollfd PollOf(const CallWatcher* calls) {
  return {calls == nullptr ? -1 : calls->listener(), POLLIN, 0};
}

bool AnswerOne(pollfd& asked, CallWatcher* calls) {
  if ((asked.revents & POLLIN) != 0) {
    calls->Answer();
    return true;
  }
  return false;  // all who were under the filter are gone
}

bool AwaitAnswering(int fd, const Watch& watch, CallWatcher* calls,
                    int answers_max) {
  pollfd polls[2] = {{fd, POLLIN, 0}, PollOf(calls)};
  const int patience_ms = calls == nullptr ? kShortRunMs : kQuestionMs;
  for (int answers = 0; answers < answers_max; ++answers) {
    if (poll(polls, 2, patience_ms) <= 0) return false;
    if (polls[0].revents != 0) return true;
    if (!AnswerOne(polls[1], calls)) polls[1].fd = -1;
    if (watch.is_due()) return false;
  }
  return false;
}

void Watch::Begin(int baseline_processes) {
  baseline_processes_ = baseline_processes;
  exceeded_ = false;
  start_ns_ = MonotonicNs();
  next_look_ns_ = start_ns_ + kWatchMs * kMs;
}

void Watch::LookLater() { next_look_ns_ = start_ns_ + kCompanyGoneMs * kMs; }

uint64_t Watch::elapsed_ns() const { return MonotonicNs() - start_ns_; }

void Watch::Exceed(ExitKind kind) {
  exceeded_ = true;
  kind_ = kind;
  exceeded_ns_ = MonotonicNs();
}

absl::Status Watch::Look() {
  const auto population = sandbox_.Measure();
  if (!population.ok()) return population.status();
  const int processes = population->processes - baseline_processes_;
  if (limits_.processes_max != 0 &&
      processes > static_cast<int>(limits_.processes_max)) {
    Exceed(ExitKind::kTooMany);
  } else if (limits_.memory_bytes != 0 &&
             population->bytes > limits_.memory_bytes) {
    Exceed(ExitKind::kOutOfMemory);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Watch::Exceeds() {
  const uint64_t now = MonotonicNs();
  if (exceeded_) return false;
  if (now - start_ns_ >= limits_.wall_ms * kMs) {
    Exceed(ExitKind::kTimedOut);
  } else if (now < next_look_ns_) {
    return false;
  } else {
    absl::Status looked = Look();
    if (!looked.ok()) return looked;
  }
  next_look_ns_ = MonotonicNs() + kWatchMs * kMs;
  return exceeded_;
}

bool Watch::is_due() const {
  const uint64_t now = MonotonicNs();
  return now >= next_look_ns_ || now - start_ns_ >= limits_.wall_ms * kMs;
}

int Watch::patience_ms() const {
  const uint64_t limit_ns = limits_.wall_ms * kMs;
  const uint64_t left_ns = limit_ns - std::min(limit_ns, elapsed_ns());
  return static_cast<int>(std::clamp<uint64_t>(left_ns / kMs + 1, 1, kWatchMs));
}

bool Watch::lost_patience() const {
  return exceeded_ && MonotonicNs() - exceeded_ns_ > kDyingMs * kMs;
}

void Watch::Finish(Execution& execution) const {
  execution.wall_ns = elapsed_ns();
  if (exceeded_) {
    execution.kind = kind_;
    execution.code = execution.signal = 0;
  }
}

}  // namespace formfuzz::campaign
