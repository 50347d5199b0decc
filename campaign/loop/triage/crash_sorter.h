// SPDX-License-Identifier: Apache-2.0
// From executions that failed to findings: each defect once, repeated, made
// small, and written down. Bounded: kFindingsMax findings, of which at most
// kLikeMax look alike but for the edges they took.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_CRASH_SORTER_H_
#define FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_CRASH_SORTER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/loop/form/input_form.h"
#include "campaign/loop/triage/failure.h"

namespace formfuzz::campaign {

struct SortedFailure {
  Failure failure;  // of `input`
  InputBytes input;
  InputBytes first_input;   // before it was made smaller
  bool repeats = false;     // failed likewise when it was run once more
  bool unfinished = false;  // it could still be made smaller
  std::string replaces;     // where first_input was written; "": nowhere yet
};

class CrashSorter {
 public:
  static constexpr size_t kFindingsMax = 256;
  static constexpr size_t kLikeMax = 4;

  struct Options {
    bool minimise = true;
    uint64_t minimise_ns_max = 20'000'000'000;  // of executions; 0: no limit
    std::function<bool()> stops = {};  // whether it is to come to an end
  };
  // Nothing if the input did not fail this time.
  using RunAgain =
      absl::FunctionRef<absl::StatusOr<std::optional<Failure>>(Bytes)>;
  // Makes it durable; returns its folder, "" if it is none that counts. Asked
  // twice for what can be made smaller: at once, and then to replace that.
  using Write =
      std::function<absl::StatusOr<std::string>(const SortedFailure&)>;

  CrashSorter(Options options, InputForm& form, Write write)
      : options_(options), form_(form), write_(std::move(write)) {}

  // The folder of the finding, or "" if it is not a new one.
  absl::StatusOr<std::string> Sort(Bytes input, const Failure& failure,
                                   RunAgain run_again);
  uint64_t findings() const { return findings_; }

 private:
  bool IsKnown(const Failure& failure) const;
  void Remember(const Failure& failure);
  static bool IsSame(const Failure& alone, const Failure& first);
  absl::StatusOr<std::string> Replace(SortedFailure& sorted,
                                      RunAgain run_again);
  absl::Status MakeSmaller(SortedFailure& sorted, RunAgain run_again) const;

  Options options_;
  InputForm& form_;
  Write write_;
  std::map<uint64_t, std::set<uint64_t>> edges_by_likeness_;
  uint64_t findings_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_CRASH_SORTER_H_
