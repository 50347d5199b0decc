// SPDX-License-Identifier: Apache-2.0
// However a subject is restored, a run after any other is a run after none.
#include "framework/restore/restoring.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "framework/engine/random_play.h"
#include "framework/form/scenario_text.h"
#include "framework/formfuzz.h"
#include "framework/restore/region.h"
#include "framework/validate/judge.h"

namespace formfuzz {
namespace {

int made = 0;
int resets = 0;

// Words by number, and a fault point; a Reset that may forget one field.
template <bool kForgets>
class Notebook {
 public:
  explicit Notebook(Run& run) : write_(run.faults(), "notebook.write") {
    ++made;
    for (uint8_t i = 0; i < 50; ++i) words_[i] = std::string(30, 'w');
  }
  void Reset(Run&) {
    ++resets;
    words_.clear();
    for (uint8_t i = 0; i < 50; ++i) words_[i] = std::string(30, 'w');
    if (!kForgets) writes_ = 0;
  }
  Outcome Write(uint8_t number, std::string_view text) {
    if (write_.Hit() != nullptr) return Outcome::Refused("failed");
    words_[number] += text;
    ++writes_;
    return Outcome::Ok();
  }
  bool Erase(uint8_t number) { return words_.erase(number) > 0; }
  uint64_t State() const {
    Digest digest;
    for (const auto& [number, word] : words_) digest.Add(number).Add(word);
    return digest.Add(writes_).value();
  }
  bool HasNoLongWord() const {
    for (const auto& [number, word] : words_) {
      if (word.size() > 70) return false;
    }
    return true;
  }

 private:
  FaultPoint write_;
  std::map<uint8_t, std::string> words_;
  uint64_t writes_ = 0;
};

template <bool kForgets = false>
std::unique_ptr<Recipe> NotebookRecipe(Restoring restoring) {
  using N = Notebook<kForgets>;
  auto recipe = std::make_unique<Recipe>();
  recipe->name = "notebook";
  HarnessBuilder<N>(*recipe)
      .Faults({"notebook.write"})
      .Step("write", &N::Write, InRange<uint8_t>(0, 60),
            PrintableAsciiString<std::string_view>())
      .Step("erase", &N::Erase, InRange<uint8_t>(0, 60))
      .State(&N::State)
      .Invariant("HasNoLongWord", &N::HasNoLongWord)
      .Restore(restoring);
  recipe->Finish();
  return recipe;
}

std::vector<std::string> Corpus(const Recipe& recipe, size_t count) {
  Session session(recipe, {});
  Random random(5);
  std::vector<std::string> corpus;
  std::array<uint8_t, 1024> input{};
  size_t size = 0;
  while (corpus.size() < count) {
    size = session.Mutate(input.data(), size, input.size(), random.Next(),
                          nullptr);
    corpus.push_back(session.Encoded());
  }
  return corpus;
}

// Each in a session of its own.
std::vector<uint64_t> FreshDigests(const Recipe& recipe,
                                   const std::vector<std::string>& corpus) {
  std::vector<uint64_t> digests;
  for (const std::string& input : corpus) {
    Session session(recipe, {});
    session.Execute(AsBytes(input));
    digests.push_back(DigestOf(session.trace()));
  }
  return digests;
}

std::vector<uint64_t> DigestsInOrder(const Recipe& recipe,
                                     const std::vector<std::string>& corpus) {
  Session session(recipe, {});
  std::vector<uint64_t> digests;
  for (const std::string& input : corpus) {
    session.Execute(AsBytes(input));
    digests.push_back(DigestOf(session.trace()));
  }
  return digests;
}

class RestoringTest : public testing::TestWithParam<Restoring> {};

TEST_P(RestoringTest, ARunAfterAnyOtherIsARunAfterNone) {
  const auto rebuilt = NotebookRecipe(Restoring::kRebuild);
  const auto restored = NotebookRecipe(GetParam());
  const std::vector<std::string> corpus = Corpus(*rebuilt, 400);
  const std::vector<uint64_t> fresh = FreshDigests(*rebuilt, corpus);
  EXPECT_EQ(DigestsInOrder(*restored, corpus), fresh);
  EXPECT_EQ(FreshDigests(*restored, {corpus[7]}),
            std::vector<uint64_t>{fresh[7]});
}

std::string WayOf(const testing::TestParamInfo<Restoring>& row) {
  constexpr const char* kNames[] = {"Rebuild", "Reset", "Snapshot", "Fork"};
  return kNames[static_cast<size_t>(row.param)];
}
INSTANTIATE_TEST_SUITE_P(All, RestoringTest,
                         testing::Values(Restoring::kRebuild, Restoring::kReset,
                                         Restoring::kSnapshot,
                                         Restoring::kFork),
                         WayOf);

TEST(RestoringHowTest, ASnapshotIsMadeOnce) {
  const auto recipe = NotebookRecipe(Restoring::kSnapshot);
  const std::vector<std::string> corpus = Corpus(*recipe, 50);
  made = 0;
  DigestsInOrder(*recipe, corpus);
  EXPECT_EQ(made, 1);
}

TEST(RestoringHowTest, AResetTakesTheNextRunUnlessOneFailed) {
  const auto recipe = NotebookRecipe(Restoring::kReset);
  Session session(*recipe, {});
  made = resets = 0;
  const auto play = [&](std::string_view lines) {
    EXPECT_TRUE(session.LoadText(Concat("scenario notebook\n", lines)).ok());
    return session.PlayLoaded().passed();
  };
  const std::string word(50, 'x');
  EXPECT_TRUE(play("write 1 \"a\"\n"));
  EXPECT_TRUE(play("erase 1\n"));
  EXPECT_EQ(made, 1);
  EXPECT_EQ(resets, 1);
  EXPECT_FALSE(play(Concat("write 1 \"", word, "\"\n")));
  EXPECT_TRUE(play("write 1 \"a\"\n"));
  EXPECT_EQ(made, 2) << "after a failure it is made anew";
}

TEST(RestoringHowTest, AForgetfulResetIsCaught) {
  const auto forgetful = NotebookRecipe<true>(Restoring::kReset);
  const std::vector<std::string> corpus = Corpus(*forgetful, 100);
  EXPECT_NE(DigestsInOrder(*forgetful, corpus),
            FreshDigests(*forgetful, corpus));
}

// The first scenario's faults must not become part of the snapshot.
TEST(RestoringHowTest, ASnapshotIsTakenWithoutFaults) {
  const auto recipe = NotebookRecipe(Restoring::kSnapshot);
  Session session(*recipe, {});
  const auto outcome = [&](std::string_view lines) {
    EXPECT_TRUE(session.LoadText(Concat("scenario notebook\n", lines)).ok());
    session.PlayLoaded();
    return session.trace().steps.at(0).outcome.label();
  };
  EXPECT_EQ(outcome("fault notebook.write error every 1\nwrite 1 \"a\"\n"),
            "failed");
  EXPECT_EQ(outcome("write 1 \"a\"\n"), "ok");
  EXPECT_EQ(outcome("fault notebook.write error at 0\nwrite 1 \"a\"\n"),
            "failed");
}

// Says where memory comes from when it is asked something.
class Lender {
 public:
  explicit Lender(Run& run) : run_(run) {}
  void Lend(uint8_t count) {
    for (uint8_t i = 0; i < count; ++i) run_.SetDeadline(1000 + i);
    in_step &= IsLent();
  }
  size_t Size() const {
    in_questions &= IsLent();
    return 1;
  }
  bool HasLent() const { return Size() == 1; }
  bool LendsAgain() { return HasLent(); }

  static bool IsLent() {
    const auto memory = std::make_unique<int>();
    return Region::Holds(memory.get());
  }
  static inline bool in_step = true;
  static inline bool in_questions = true;

 private:
  Run& run_;
};

TEST(RestoringHowTest, ASnapshotHoldsTheSubjectsMemoryAndNoOther) {
  Recipe recipe;
  recipe.name = "lender";
  HarnessBuilder<Lender>(recipe)
      .Step("lend", &Lender::Lend, Arbitrary<uint8_t>())
      .Goal("lent", &Lender::HasLent)
      .RecoversWithin(10, "LendsAgain", &Lender::LendsAgain)
      .CostGrows("lend", &Lender::Size, 1)
      .Restore(Restoring::kSnapshot);
  recipe.Finish();
  StateCoverage coverage;
  Judge judge(recipe, coverage);
  Arena arena;
  Scenario scenario;
  ASSERT_TRUE(ParseScenario(recipe, "scenario lender\nlend 5\nlend 30\n", arena,
                            scenario)
                  .ok());
  for (int times = 0; times < 3; ++times) {
    EXPECT_TRUE(judge.Play(scenario).passed());
    EXPECT_EQ(judge.run().deadlines().size(), 30u);
    EXPECT_FALSE(Region::Holds(judge.run().deadlines().data()));
  }
  EXPECT_TRUE(Lender::in_step);
  EXPECT_TRUE(Lender::in_questions);
}

}  // namespace
}  // namespace formfuzz
