// SPDX-License-Identifier: Apache-2.0
// Two-phase commit whose coordinator asks again when an answer is lost. The
// defect: a participant does not remember which transfer it has committed, and
// does it once more. Needs a call that is done and yet reported as failed.
#ifndef FORMFUZZ_EXAMPLES_FAULTS_RETRIED_COMMIT_H_
#define FORMFUZZ_EXAMPLES_FAULTS_RETRIED_COMMIT_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "framework/formfuzz.h"

namespace formfuzz::examples {

inline constexpr std::string_view kPrepareCall = "participant.prepare";
inline constexpr std::string_view kCommitCall = "participant.commit";

// One account behind a network: a call may fail, done or not.
template <bool kDefective>
class Participant {
 public:
  explicit Participant(FaultPlan& faults)
      : prepare_(faults, kPrepareCall, CanDo(FaultKind::kAfterwards)),
        commit_(faults, kCommitCall, CanDo(FaultKind::kAfterwards)) {}

  bool Prepare(int64_t change) {
    const Fault* const fault = prepare_.Hit();
    if (fault != nullptr && fault->kind == FaultKind::kError) return false;
    if (balance_ + change < 0) return false;
    prepared_ = change;
    return fault == nullptr;
  }
  bool Commit(uint64_t transfer) {
    const Fault* const fault = commit_.Hit();
    if (fault != nullptr && fault->kind == FaultKind::kError) return false;
    if (kDefective || committed_ != transfer) balance_ += prepared_;
    committed_ = transfer;
    return fault == nullptr;
  }
  int64_t balance() const { return balance_; }

 private:
  int64_t balance_ = 1000;
  int64_t prepared_ = 0;
  uint64_t committed_ = 0;
  FaultPoint prepare_;
  FaultPoint commit_;
};

template <bool kDefective>
class RetriedCommit {
 public:
  explicit RetriedCommit(Run& run)
      : accounts_{Participant<kDefective>(run.faults()),
                  Participant<kDefective>(run.faults())} {}

  Outcome Transfer(uint8_t amount) {
    auto& [from, to] = accounts_;
    if (!from.Prepare(-amount) || !to.Prepare(amount)) {
      return Outcome::Refused("aborted");
    }
    // Decided: from here on the coordinator asks until it is done.
    ++transfer_;
    const bool first = CommitAt(from);
    const bool second = CommitAt(to);
    if (!first || !second) is_settled_ = false;
    return is_settled_ ? Outcome::Ok() : Outcome::Refused("unfinished");
  }
  // Nobody can know where a participant was never reached.
  bool MoneyIsKept() const {
    return !is_settled_ ||
           accounts_[0].balance() + accounts_[1].balance() == 2000;
  }

  static void Describe(HarnessBuilder<RetriedCommit> harness) {
    harness.Faults({kPrepareCall, kCommitCall})
        .Step("transfer", &RetriedCommit::Transfer, Arbitrary<uint8_t>())
        .Invariant("MoneyIsKept", &RetriedCommit::MoneyIsKept);
  }

 private:
  static constexpr int kTries = 8;

  bool CommitAt(Participant<kDefective>& participant) {
    for (int tried = 0; tried < kTries; ++tried) {
      if (participant.Commit(transfer_)) return true;
    }
    return false;
  }

  std::array<Participant<kDefective>, 2> accounts_;
  uint64_t transfer_ = 0;
  bool is_settled_ = true;
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_FAULTS_RETRIED_COMMIT_H_
