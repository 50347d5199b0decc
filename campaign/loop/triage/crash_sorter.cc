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

// Remembers it, too.
bool CrashSorter::IsKnown(const Failure& failure) {
  std::set<uint64_t>& edges = edges_by_likeness_[failure.Likeness()];
  if (edges.size() >= kLikeMax) return true;
  return !edges.insert(failure.edges).second;
}

absl::StatusOr<std::string> CrashSorter::Sort(Bytes input,
                                              const Failure& failure,
                                              RunAgain run_again) {
  if (findings_ >= kFindingsMax || IsKnown(failure)) return "";
  SortedFailure sorted{.failure = failure,
                       .input = InputBytes(input.begin(), input.end()),
                       .first_input = InputBytes(input.begin(), input.end()),
                       .repeats = false};
  const auto again = run_again(input);
  if (!again.ok()) return again.status();
  sorted.repeats =
      again->has_value() && (*again)->Likeness() == failure.Likeness();
  if (failure.hung && !again->has_value()) return "";  // only slow, once
  if (sorted.repeats && options_.minimise) {
    const absl::Status status = MakeSmaller(sorted, run_again);
    if (!status.ok()) return status;
    // Made small, different ways to one defect often become the same.
    const bool same = sorted.failure.edges == failure.edges;
    if (!same && IsKnown(sorted.failure)) return "";
  }
  auto folder = write_(sorted);
  if (folder.ok() && !folder->empty()) ++findings_;
  return folder;
}

absl::Status CrashSorter::MakeSmaller(SortedFailure& sorted,
                                      RunAgain run_again) const {
  absl::Status status;
  const uint64_t start_ns = MonotonicNs();
  const uint64_t likeness = sorted.failure.Likeness();
  const auto still_does = [&](Bytes candidate) {
    const bool late = options_.minimise_ns_max != 0 &&
                      MonotonicNs() - start_ns > options_.minimise_ns_max;
    if (late || !status.ok()) return false;
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
