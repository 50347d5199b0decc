// SPDX-License-Identifier: Apache-2.0
// What the program compares with its input, its words and its variables is
// answered, with a share of the time. A run in which that is seen is gone
// through instruction by instruction: nothing else is learnt of it, and the
// same run is made once more, under the filter.

#include <utility>
#include <vector>

#include "campaign/process/executors/fork_executor.h"
#include "campaign/syscalls/learn/learner.h"
#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kShareWithPlan = 5;  // one in so many
constexpr uint64_t kShareWithout = 2;

// Adds the time that it exists, however it ends.
class Charge {
 public:
  explicit Charge(uint64_t& ns) : ns_(ns), begin_ns_(MonotonicNs()) {}
  ~Charge() { ns_ += MonotonicNs() - begin_ns_; }
  Charge(const Charge&) = delete;
  Charge& operator=(const Charge&) = delete;

 private:
  uint64_t& ns_;
  const uint64_t begin_ns_;
};

}  // namespace

// Runs of a program that has no zygote cannot be gone through.
void Learner::BeginAnswers(const DrivingWords& words) {
  if (zygote_ == nullptr || words.serves) return;
  ExecutorOptions options = OptionsOfExecutor();
  options.repeatable = options_.answers_by_turns;
  auto tracing = MakeTracer(options, program_);
  if (!tracing.ok()) return;
  tracing_ = *std::move(tracing);
  searches_.Begin(words);
}

bool Learner::AnswersNow() const {
  if (tracing_ == nullptr || searches_.empty()) return false;
  const uint64_t share =
      driver_->planned() > 0 ? kShareWithPlan : kShareWithout;
  if (options_.answers_by_turns) return answers_ * share < answers_ + turns_;
  return answering_ns_ * share < MonotonicNs() - start_ns_;
}

absl::StatusOr<News> Learner::AnswerOne() {
  const Charge charge(answering_ns_);
  ++answers_;
  const auto trial = searches_.Next();
  if (!trial) return News{};
  auto news = TryTrial(*trial, /*by_zygote=*/true, /*census=*/false);
  if (!news.ok()) {
    searches_.Failed();
    return news;
  }
  std::vector<Comparison> comparisons;
  Execution execution;
  const ProgramInput input = trial->Input();
  absl::Status traced = tracing_->RunTraced(input, execution, comparisons);
  if (!traced.ok()) {
    searches_.Failed();
    return traced;
  }
  searches_.Took(comparisons, news->call || news->arguments, execution.hung());
  return news;
}

}  // namespace formfuzz::campaign
