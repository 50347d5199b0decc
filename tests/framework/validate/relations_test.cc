// SPDX-License-Identifier: Apache-2.0
// Scenarios that must come to the same, and implementations that must.
#include "framework/validate/rerun/relations.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/framework/validate/played.h"

namespace formfuzz {
namespace {

enum class Plant { kNone, kReadChanges, kOrderMatters, kForgetsThree };

// Counters by name; reading must change nothing, and adding to different ones
// may be done in any order.
template <Plant kPlant>
class Counters {
 public:
  explicit Counters(Run&) {}
  bool Add(uint8_t which, uint8_t amount) {
    if (kPlant == Plant::kForgetsThree && which % kCounters == 3) return true;
    if (kPlant == Plant::kOrderMatters && counts_[0] > counts_[1]) return false;
    counts_[which % kCounters] += amount;
    return true;
  }
  Outcome Read(uint8_t which) {
    const uint64_t count = counts_[which % kCounters];
    if (kPlant == Plant::kReadChanges && count > 5) --counts_[0];
    return count > 5 ? Outcome::Ok() : Outcome::Refused("few");
  }
  uint64_t State() const {
    Digest digest;
    for (const uint64_t count : counts_) digest.Add(count);
    return digest.value();
  }

 protected:
  static constexpr size_t kCounters = 4;
  std::array<uint64_t, kCounters> counts_{};
};

template <Plant kPlant>
std::unique_ptr<Recipe> CountersRecipe() {
  using C = Counters<kPlant>;
  auto recipe = NewRecipe("counters");
  HarnessBuilder<C>(*recipe)
      .Step("add", &C::Add, Arbitrary<uint8_t>(), Arbitrary<uint8_t>())
      .Step("read", &C::Read, Arbitrary<uint8_t>())
      .State(&C::State)
      .Relate(Commuting("AddsCommute", {"add"}))
      .Relate(Repeatable("ReadsChangeNothing", {"read"}));
  return recipe;
}

// Which relation a scenario is held to is its own choice: try several.
template <Plant kPlant>
Verdict PlayMany() {
  Played played(CountersRecipe<kPlant>());
  for (int i = 1; i < 40; ++i) {
    const Verdict& verdict = played.Play(
        Concat("1 add 0 ", i, "\n2 add 1 3\n3 read 0\n4 add 2 1\n5 read 2\n"));
    if (!verdict.passed()) return verdict;
  }
  return {};
}

TEST(RelationsTest, LetWhatCommutesPass) {
  EXPECT_TRUE(PlayMany<Plant::kNone>().passed());
}

TEST(RelationsTest, FindThatOrderMatters) {
  const Verdict verdict = PlayMany<Plant::kOrderMatters>();
  EXPECT_EQ(verdict.kind, VerdictKind::kDiverged);
  EXPECT_EQ(verdict.validator, "AddsCommute");
}

TEST(RelationsTest, FindThatAReadChangesSomething) {
  const Verdict verdict = PlayMany<Plant::kReadChanges>();
  EXPECT_EQ(verdict.kind, VerdictKind::kDiverged);
  EXPECT_EQ(verdict.validator, "ReadsChangeNothing");
}

TEST(RelationsTest, ScenariosWithFaultsAreLeftAlone) {
  Played played(CountersRecipe<Plant::kNone>());
  EXPECT_TRUE(played.Play("1 add 0 1\n2 add 1 1\n").passed());
  EXPECT_TRUE(played.Play("1 read 0\n").passed());
  EXPECT_TRUE(played.Play("").passed());
}

// Another implementation of the same: it remembers, and adds up late.
template <Plant kPlant>
class TwinSubject : public Counters<Plant::kNone> {
 public:
  explicit TwinSubject(Run& run) : Counters(run) {
    if (kPlant == Plant::kForgetsThree) counts_[3] = 10;
  }
};

template <Plant kPlant>
Verdict PlayWithTwin(std::string_view lines) {
  using C = Counters<Plant::kNone>;
  auto recipe = NewRecipe("counters");
  HarnessBuilder<C>(*recipe)
      .Step("add", &C::Add, Arbitrary<uint8_t>(), Arbitrary<uint8_t>())
      .Step("read", &C::Read, Arbitrary<uint8_t>())
      .template Twin<TwinSubject<kPlant>>();
  Played played(std::move(recipe));
  return played.Play(lines);
}

TEST(TwinTest, PassesWhereBothComeToTheSame) {
  EXPECT_TRUE(PlayWithTwin<Plant::kNone>("1 add 3 9\n2 read 3\n").passed());
  EXPECT_TRUE(PlayWithTwin<Plant::kForgetsThree>("1 read 2\n").passed());
}

TEST(TwinTest, FindsTheStepThatTheyDifferAt) {
  const Verdict verdict =
      PlayWithTwin<Plant::kForgetsThree>("1 add 3 1\n2 read 3\n");
  EXPECT_EQ(verdict.kind, VerdictKind::kDiverged);
  EXPECT_EQ(verdict.validator, "TwinAgrees");
  EXPECT_EQ(verdict.step, 1u);
  EXPECT_EQ(verdict.message,
            "read comes to ok as step 2 of the other run, not to few");
}

// Fails as it is told to.
class Failing {
 public:
  explicit Failing(Run& run) : point_(run.faults(), "failing.add") {}
  bool Add() { return point_.Hit() == nullptr; }

 private:
  FaultPoint point_;
};

TEST(TwinTest, HasNoFaultsEitherWhereTheyAreOff) {
  auto recipe = NewRecipe("failing");
  HarnessBuilder<Failing>(*recipe)
      .Faults({"failing.add"})
      .Step("add", &Failing::Add)
      .Twin<Failing>();
  Played played(std::move(recipe));
  played.WithoutFaults();
  EXPECT_TRUE(played.Play("fault failing.add error at 0\nadd\n").passed());
}

}  // namespace
}  // namespace formfuzz
