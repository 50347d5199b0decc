// SPDX-License-Identifier: Apache-2.0
// Judges a run by other runs: what it leaves behind, what a related scenario
// comes to, what a twin comes to.
//
// Without such expectations it is the judge alone. The other runs are played
// by judges of their own, so trace() of the first stays that of the scenario.
// At most one relation is tried in a run, chosen by what the run came to: the
// same bytes, the same choice.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_EXAMINER_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_EXAMINER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "framework/validate/judge.h"
#include "framework/validate/rerun/footprint.h"

namespace formfuzz {

class Examiner {
 public:
  // Both must outlive it.
  Examiner(const Recipe& recipe, Judge& judge);

  // As in Judge, for all runs that are compared.
  void UseYields(bool yields);
  void UseFaults(bool faults);

  // Stays valid until the next Play.
  const Verdict& Play(const Scenario& scenario);

 private:
  // A judge whose runs nobody guides by.
  struct Other {
    explicit Other(const Recipe& recipe, const Maker* subject = nullptr)
        : judge(recipe, coverage, subject) {}
    StateCoverage coverage;
    Judge judge;
  };

  void ForEachJudge(absl::FunctionRef<void(Judge&)> visit);
  bool JudgeLeaks(const Scenario& scenario, const Footprint& before);
  bool JudgeRelation(const Scenario& scenario);
  bool JudgeTwin(const Scenario& scenario);
  // Where the other run, whose i-th step is the same as same_as_[i], comes to
  // something else: in words, or empty. Sets differs_at_.
  std::string Difference(const Scenario& scenario, const Trace& other);
  bool Fail(VerdictKind kind, std::string_view rule, std::string message,
            size_t step);

  const Recipe& recipe_;
  Judge& judge_;
  std::unique_ptr<Other> again_;  // null where no expectation needs it
  std::unique_ptr<Other> twin_;
  Scenario related_;
  std::vector<size_t> same_as_;
  size_t differs_at_ = 0;
  Verdict verdict_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_EXAMINER_H_
