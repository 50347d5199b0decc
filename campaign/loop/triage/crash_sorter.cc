// SPDX-License-Identifier: Apache-2.0
// Sorting failures.
#include "campaign/loop/triage/crash_sorter.h"

#include <utility>

#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

constexpr uint32_t kTriesMax = 4096;
constexpr uint32_t kTriesHung = 48;  // each takes the whole time limit

}  // namespace

bool CrashSorter::IsKnown(const Failure& failure) const {
  const auto like = edges_by_likeness_.find(failure.Likeness());
  if (like == edges_by_likeness_.end()) return false;
  return like->second.size() >= kLikeMax ||
         like->second.contains(failure.edges);
}

void CrashSorter::Remember(const Failure& failure) {
  edges_by_likeness_[failure.Likeness()].insert(failure.edges);
}

// A process that had gone through other inputs before may have said more than
// the one that is now started for this input alone.
bool CrashSorter::IsSame(const Failure& alone, const Failure& first) {
  return alone.Likeness() == first.Likeness() ||
         (alone.hung == first.hung && alone.what == first.what &&
          alone.frames.empty() && first.frames.empty());
}

absl::StatusOr<std::string> CrashSorter::Sort(Bytes input,
                                              const Failure& failure,
                                              RunAgain run_again) {
  if (findings_ >= kFindingsMax || IsKnown(failure)) return "";
  SortedFailure sorted{.failure = failure,
                       .input = InputBytes(input.begin(), input.end()),
                       .first_input = InputBytes(input.begin(), input.end()),
                       .repeats = false,
                       .unfinished = false,
                       .replaces = ""};
  const auto again = run_again(input);
  if (!again.ok()) return again.status();
  if (failure.hung && !again->has_value()) return "";  // only slow, once
  sorted.repeats = again->has_value() && IsSame(**again, failure);
  if (sorted.repeats) sorted.failure = **again;
  const bool other = sorted.failure.Likeness() != failure.Likeness() ||
                     sorted.failure.edges != failure.edges;
  if (other && IsKnown(sorted.failure)) return "";
  Remember(failure);
  Remember(sorted.failure);
  // At once: making it smaller takes time, and the run may be ended.
  sorted.unfinished = sorted.repeats && options_.minimise;
  auto folder = write_(sorted);
  if (folder.ok() && sorted.unfinished) {
    sorted.replaces = *folder;
    folder = Replace(sorted, run_again);
  }
  if (folder.ok() && !folder->empty()) ++findings_;
  return folder;
}

absl::StatusOr<std::string> CrashSorter::Replace(SortedFailure& sorted,
                                                 RunAgain run_again) {
  const uint64_t edges = sorted.failure.edges;
  const absl::Status status = MakeSmaller(sorted, run_again);
  if (!status.ok()) return status;
  sorted.unfinished = options_.stops && options_.stops();
  // Made small, different ways to one defect often become the same.
  const bool known = sorted.failure.edges != edges && IsKnown(sorted.failure);
  Remember(sorted.failure);
  auto folder = write_(sorted);
  return folder.ok() && known ? "" : folder;
}

absl::Status CrashSorter::MakeSmaller(SortedFailure& sorted,
                                      RunAgain run_again) const {
  absl::Status status;
  const uint64_t start_ns = MonotonicNs();
  const uint64_t likeness = sorted.failure.Likeness();
  const auto still_does = [&](Bytes candidate) {
    const bool late = options_.minimise_ns_max != 0 &&
                      MonotonicNs() - start_ns > options_.minimise_ns_max;
    const bool stops = options_.stops && options_.stops();
    if (late || stops || !status.ok()) return false;
    auto again = run_again(candidate);
    if (!again.ok()) status = again.status();
    if (!again.ok() || !again->has_value()) return false;
    if ((*again)->Likeness() != likeness) return false;
    sorted.failure = **std::move(again);
    return true;
  };
  const MinimiseLimits limits{
      .tries_max = sorted.failure.hung ? kTriesHung : kTriesMax,
      .pieces_max = UINT32_MAX,
      .plain = true};
  form_.Shrink(limits, still_does, sorted.input);
  return status;
}

}  // namespace formfuzz::campaign
