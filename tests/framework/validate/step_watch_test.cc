// SPDX-License-Identifier: Apache-2.0
// Goals that are reached or not, costs that grow too fast, and components
// that do not recover.
#include "framework/validate/step_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <list>
#include <vector>

#include "tests/framework/validate/played.h"

namespace formfuzz {
namespace {

enum class Plant { kNone, kQuadratic, kCopies, kGivesUp };

// A link that takes messages, which get lost while it is down.
template <Plant kPlant>
class Link {
 public:
  explicit Link(Run& run) : run_(run), down_(run.faults(), "link.down") {}

  bool Send(uint8_t message) {
    if (down_.Hit() != nullptr) {
      up_at_ms_ = run_.clock().NowMs() + kRestMs;
      return false;
    }
    return Store(message);
  }
  bool Retry() {
    if (kPlant == Plant::kGivesUp && up_at_ms_ != 0) return false;
    return run_.clock().NowMs() >= up_at_ms_;
  }
  bool HasThree() const { return sent_.size() >= 3; }
  bool HasMillion() const { return sent_.size() >= 1'000'000; }
  size_t Sent() const { return sent_.size(); }

  static constexpr uint64_t kRestMs = 500;

 private:
  bool Store(uint8_t message) {
    if (kPlant == Plant::kQuadratic) {  // every message looks at all pairs
      for (const uint8_t one : sent_) {
        for (const uint8_t other : sent_) {
          // Several edges a pair, as one counts to 255 only.
          if (one == other) seen_ = seen_ + 1;
          if (one <= other) seen_ = seen_ + 2;
          if (one >= other) seen_ = seen_ + 3;
          if (seen_ % 2 == 0) seen_ = seen_ + 4;
        }
      }
    }
    if (kPlant == Plant::kCopies) {  // and here it copies all of them
      for (size_t i = 0; i < sent_.size(); ++i) std::list<uint8_t> copy(sent_);
    }
    sent_.push_back(message);
    return true;
  }

  Run& run_;
  FaultPoint down_;
  std::list<uint8_t> sent_;
  volatile uint64_t seen_ = 0;
  uint64_t up_at_ms_ = 0;
};

template <Plant kPlant>
std::unique_ptr<Recipe> LinkRecipe(uint64_t within_ms = 1000) {
  using L = Link<kPlant>;
  auto recipe = NewRecipe("link");
  HarnessBuilder<L>(*recipe)
      .Faults({"link.down"})
      .Step("send", &L::Send, Arbitrary<uint8_t>())
      .StepsMax(255)
      .Goal("three messages", &L::HasThree)
      .Goal("a million messages", &L::HasMillion)
      .RecoversWithin(within_ms, "SendsAgain", &L::Retry)
      .CostGrows("send", &L::Sent, 1);
  return recipe;
}

TEST(GoalsTest, AreReachedOnceForAll) {
  Played played(LinkRecipe<Plant::kNone>());
  played.PlayTimes("send 1", 2);
  EXPECT_EQ(played.judge().goals_reached(), 0u);
  played.PlayTimes("send 1", 3);
  EXPECT_EQ(played.judge().goals_reached(), 1u);
  played.PlayTimes("send 1", 1);
  EXPECT_EQ(played.judge().goals_reached(), 1u);
}

TEST(GoalsTest, ReachingOneIsANewState) {
  StateCoverage coverage;
  auto recipe = LinkRecipe<Plant::kNone>();
  recipe->Finish();
  formfuzz::Run run(coverage);
  run.faults().SetPoints(recipe->fault_points);
  Place place(recipe->subject);
  auto& link = *static_cast<Link<Plant::kNone>*>(place.Construct(run));
  StepWatch watch(*recipe, run, place);
  watch.LookForGoals();
  EXPECT_EQ(coverage.distinct(), 0u);
  for (uint8_t i = 0; i < 3; ++i) link.Send(i);
  watch.LookForGoals();
  watch.LookForGoals();
  EXPECT_EQ(coverage.distinct(), 1u);
}

TEST(PlaceTest, KeepsNothingOfAnObjectThatIsGone) {
  StateCoverage coverage;
  auto recipe = LinkRecipe<Plant::kNone>();
  recipe->Finish();
  formfuzz::Run run(coverage);
  run.faults().SetPoints(recipe->fault_points);
  Place place(recipe->subject);
  const auto* const bytes = static_cast<const std::byte*>(place.Construct(run));
  place.Retire(true);
  const std::vector<std::byte> left(bytes, bytes + recipe->subject.size);
  EXPECT_THAT(left, testing::Each(left.front()));
}

TEST(RecoveryTest, PassesOnceFaultsStop) {
  Played played(LinkRecipe<Plant::kNone>());
  EXPECT_TRUE(
      played.Play("fault link.down error at 0\n1 send 1\n2 send 2\n").passed());
}

TEST(RecoveryTest, FindsWhatNeverRecovers) {
  Played played(LinkRecipe<Plant::kGivesUp>());
  EXPECT_TRUE(played.Play("1 send 1\n").passed());
  const Verdict& verdict =
      played.Play("fault link.down error at 0\n1 send 1\n");
  EXPECT_EQ(verdict.kind, VerdictKind::kViolated);
  EXPECT_EQ(verdict.validator, "SendsAgain");
  EXPECT_EQ(verdict.message, "not so within 1000 ms after faults stopped");
}

TEST(RecoveryTest, FindsWhatRecoversTooLate) {
  Played patient(LinkRecipe<Plant::kNone>(500));
  EXPECT_TRUE(patient.Play("fault link.down error at 0\n1 send 1\n").passed());
  Played hasty(LinkRecipe<Plant::kNone>(499));
  EXPECT_FALSE(hasty.Play("fault link.down error at 0\n1 send 1\n").passed());
}

TEST(CostTest, LetsWhatIsFlatPass) {
  Played played(LinkRecipe<Plant::kNone>());
  EXPECT_TRUE(played.PlayTimes("send 7", 200).passed());
}

TEST(CostTest, FindsAllocationsThatGrowWithTheSquare) {
  if (!StepMeter::counts_allocations()) GTEST_SKIP() << "nobody counts them";
  Played played(LinkRecipe<Plant::kCopies>());
  EXPECT_TRUE(played.PlayTimes("send 7", 6).passed()) << "too few to tell";
  const Verdict& verdict = played.PlayTimes("send 7", 100);
  EXPECT_EQ(verdict.kind, VerdictKind::kSlow);
  EXPECT_EQ(verdict.validator, "CostOf_send");
  EXPECT_EQ(verdict.message.find("send costs 235"), 0u) << verdict.message;
  EXPECT_NE(verdict.message.find("to the power of 2.0, not 1.0"),
            std::string::npos)
      << verdict.message;
}

TEST(CostTest, FindsWorkThatGrowsWithTheSquare) {
  const StepMeter meter;
  if (!meter.counts_instructions() && !StepMeter::counts_edges()) {
    GTEST_SKIP() << "nobody counts it";
  }
  Played played(LinkRecipe<Plant::kQuadratic>());
  // Fewer pairs than an edge can count.
  const Verdict& verdict = played.PlayTimes("send 7", 15);
  EXPECT_EQ(verdict.kind, VerdictKind::kSlow) << verdict.message;
  EXPECT_EQ(verdict.validator, "CostOf_send");
}

}  // namespace
}  // namespace formfuzz
