// SPDX-License-Identifier: Apache-2.0
// Faults that throw in scenarios of several tasks: what they explain, and what
// a model is asked about them.
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "framework/engine/harness.h"
#include "framework/form/scenario_text.h"
#include "framework/schedule/sync/thread.h"
#include "framework/schedule/yield.h"
#include "framework/validate/judge.h"

namespace formfuzz {
namespace {

constexpr std::string_view kFault = "till.jam";

// Adds before its fault, which throws, or behind it.
class Till {
 public:
  explicit Till(Run& run)
      : jam_(run.faults(), kFault, CanDo(FaultKind::kException)) {}

  void AddFirst() {
    ++sum_;
    jam_.Hit();
  }
  void AddLast() {
    jam_.Hit();
    ++sum_;
  }
  bool Holds(uint8_t sum) { return sum == sum_; }
  bool Reach() { return !ShowFault(kFault.data(), CanDo()); }
  // As Reach, on a thread of the component's own.
  bool ReachByThread() {
    bool reached = false;
    sync::thread own([&] { reached = Reach(); });
    own.join();
    return reached;
  }
  void Handle() {
    try {
      jam_.Hit();
    } catch (const FaultThrown&) {
    }
    YieldAt(kMiddle);
  }
  void Throw() {
    YieldAt(kMiddle);
    throw std::logic_error("a real one");
  }

 private:
  static constexpr YieldSite kMiddle{"till.middle"};
  FaultPoint jam_;
  uint8_t sum_ = 0;
};

// With a digest the judge looks for an order that explains a history.
template <bool kSearched>
class TillModel {
 public:
  void Add() { ++sum_; }
  bool Holds(uint8_t sum) { return sum == sum_; }
  uint64_t Digest() const
    requires kSearched
  {
    return sum_;
  }

 private:
  uint8_t sum_ = 0;
};

template <class Model>
class FaultedTasksTest : public testing::Test {
 protected:
  FaultedTasksTest() {
    recipe_.name = "till";
    HarnessBuilder<Till>(recipe_)
        .Faults({kFault})
        .template Model<Model>()
        .Step("add_first", &Till::AddFirst, &Model::Add)
        .Step("add_last", &Till::AddLast, &Model::Add)
        .Step("holds", &Till::Holds, &Model::Holds, Arbitrary<uint8_t>())
        .Step("handle", &Till::Handle)
        .Step("throw", &Till::Throw)
        .Step("reach", &Till::Reach)
        .Step("reach_by_thread", &Till::ReachByThread)
        .Strategy("all",
                  {"add_first", "add_last", "holds", "handle", "throw", "reach",
                   "reach_by_thread"},
                  Tasks(2))
        .Strategy("one", {"handle", "throw"});
    recipe_.Finish();
  }

  Verdict Play(const std::string& steps, const std::string& strategy = "all") {
    Arena arena;
    Scenario scenario;
    const absl::Status parsed = ParseScenario(
        recipe_,
        arena.Copy("scenario till strategy " + strategy + "\n" + steps), arena,
        scenario);
    EXPECT_TRUE(parsed.ok()) << parsed;
    judge_ = std::make_unique<Judge>(recipe_, coverage_);
    return judge_->Play(scenario);
  }
  std::string_view OutcomeOf(size_t step) const {
    return judge_->trace().steps.at(step).outcome.label();
  }

  Recipe recipe_;
  StateCoverage coverage_;
  std::unique_ptr<Judge> judge_;
};

using Models = testing::Types<TillModel<false>, TillModel<true>>;
TYPED_TEST_SUITE(FaultedTasksTest, Models);

TYPED_TEST(FaultedTasksTest, TheModelIsNotAskedAboutAStepThatAFaultMadeThrow) {
  const Verdict verdict =
      this->Play("fault till.jam exception at 0\nadd_last\n@1 holds 0\n");
  EXPECT_TRUE(verdict.passed()) << verdict.validator << verdict.message;
}

TYPED_TEST(FaultedTasksTest, AHandledFaultExplainsNoExceptionOfALaterStep) {
  for (const char* strategy : {"one", "all"}) {
    const Verdict verdict =
        this->Play("fault till.jam exception at 0\nhandle\nthrow\n", strategy);
    EXPECT_EQ(NameOf(verdict.kind), "crashed") << strategy;
    EXPECT_EQ(verdict.validator, "uncaught std::logic_error");
    EXPECT_EQ(verdict.step, 1u);
  }
}

TYPED_TEST(FaultedTasksTest, AHandledFaultExplainsNoExceptionOfAnotherTask) {
  const Verdict verdict = this->Play(
      "fault till.jam exception at 0\nswitch at 1 to 1\nthrow\n@1 handle\n");
  EXPECT_EQ(NameOf(verdict.kind), "crashed");
  EXPECT_EQ(verdict.validator, "uncaught std::logic_error");
  EXPECT_EQ(verdict.step, 0u);
}

using SearchedTest = FaultedTasksTest<TillModel<true>>;

TEST_F(SearchedTest, AStepThatAFaultMadeThrowMayHaveHadItsEffect) {
  const std::string fault = "fault till.jam exception at 0\n";
  EXPECT_TRUE(Play(fault + "add_first\n@1 holds 1\n").passed());
  EXPECT_TRUE(Play(fault + "add_last\n@1 holds 0\n").passed());
}

// The points of a component know no plan: they look for it on their thread.
TYPED_TEST(FaultedTasksTest, PointsOfComponentsFireOnFibersAndOnThreads) {
  for (const bool on_threads : {false, true}) {
    this->recipe_.on_threads = on_threads;
    EXPECT_TRUE(
        this->Play("fault till.jam error at 1\nreach\n@1 reach\n").passed());
    EXPECT_EQ(this->OutcomeOf(0), "ok") << on_threads;
    EXPECT_NE(this->OutcomeOf(1), "ok") << on_threads;
    EXPECT_EQ(fault_gate, nullptr);
  }
}

TYPED_TEST(FaultedTasksTest, PointsFireOnThreadsThatTheComponentStarts) {
  for (const bool on_threads : {false, true}) {
    this->recipe_.on_threads = on_threads;
    EXPECT_TRUE(this->Play("fault till.jam error at 1\nreach\n"
                           "@1 reach_by_thread\n@1 reach_by_thread\n")
                    .passed());
    EXPECT_EQ(this->OutcomeOf(0), "ok") << on_threads;
    EXPECT_NE(this->OutcomeOf(1), "ok") << on_threads;
    EXPECT_EQ(this->OutcomeOf(2), "ok") << on_threads;
  }
}

}  // namespace
}  // namespace formfuzz
