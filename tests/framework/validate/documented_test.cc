// SPDX-License-Identifier: Apache-2.0
// The harness of docs/validators.md: it is what is compiled here, it finds
// nothing wrong with a stock that is right, and what is wrong with others.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "framework/base/file.h"
#include "framework/engine/harness.h"
#include "framework/validate/rerun/relations.h"
#include "tests/framework/validate/played.h"

namespace {

// Set by the tests; the component itself has no defect of its own.
bool loses_when_full = false;

class Stock {
 public:
  formfuzz::Outcome Put(int items) {
    if (items > 100 - count_) {
      if (loses_when_full) count_ = 0;
      return formfuzz::Outcome::Refused("full");
    }
    count_ += items;
    return formfuzz::Outcome::Ok();
  }
  formfuzz::Outcome Take(int items) {
    if (items > count_) return formfuzz::Outcome::Refused("empty");
    count_ -= items;
    return formfuzz::Outcome::Ok();
  }
  int count() const { return count_; }

 private:
  int count_ = 0;
};

// clang-format off: as in docs/validators.md
class StockModel {                        // what one would do by hand
 public:
  formfuzz::Outcome Put(uint8_t items) {
    if (items > 100 - items_) return formfuzz::Outcome::Refused("full");
    items_ += items;
    return formfuzz::Outcome::Ok();
  }
  formfuzz::Outcome Take(uint8_t items) {
    if (items > items_) return formfuzz::Outcome::Refused("empty");
    items_ -= items;
    return formfuzz::Outcome::Ok();
  }
  uint64_t Digest() const { return items_; }

 private:
  int items_ = 0;
};

class StockHarness {
 public:
  formfuzz::Outcome Put(uint8_t items) { return stock_.Put(items); }
  formfuzz::Outcome Take(uint8_t items) { return stock_.Take(items); }
  bool Look() { return stock_.count() >= 0; }
  bool NeverNegative() const { return stock_.count() >= 0; }
  bool IsFull() const { return stock_.count() == 100; }
  bool TakesAgain() { return Put(0).ok(); }
  int Count() const { return stock_.count(); }
  uint64_t State() const { return static_cast<uint64_t>(stock_.count()); }

 private:
  Stock stock_;
};

FORMFUZZ_HARNESS(stock, StockHarness)
    .Model<StockModel>()                        // foretells outcomes
    .Step("put", &StockHarness::Put, &StockModel::Put,
          formfuzz::Arbitrary<uint8_t>())
    .Step("take", &StockHarness::Take, &StockModel::Take,
          formfuzz::Arbitrary<uint8_t>())
    .Step("look", &StockHarness::Look)
    .Strategy("one", {"put", "take", "look"})
    .Strategy("race", {"put", "take"}, formfuzz::Tasks(3))
    .State(&StockHarness::State)                // what a refused step leaves
    .Invariant("NeverNegative", &StockHarness::NeverNegative)
    .Goal("the stock is full", &StockHarness::IsFull)
    .RecoversWithin(1000, "TakesAgain", &StockHarness::TakesAgain)
    .CostGrows("put", &StockHarness::Count, 1)  // at most linear
    .Relate(formfuzz::Repeatable("LooksChangeNothing", {"look"}))
    .LeavesNothing();
// clang-format on

formfuzz::Recipe& Documented() {
  return *formfuzz::RegisteredRecipes().front();
}

formfuzz::Verdict Play(const char* lines) {
  formfuzz::Recipe& recipe = Documented();
  recipe.Finish();
  formfuzz::StateCoverage coverage;
  formfuzz::Judge judge(recipe, coverage);
  formfuzz::Examiner examiner(recipe, judge);
  formfuzz::Arena arena;
  formfuzz::Scenario scenario;
  const absl::Status parsed =
      formfuzz::ParseScenario(recipe, lines, arena, scenario);
  EXPECT_TRUE(parsed.ok()) << parsed;
  return examiner.Play(scenario);
}

TEST(DocumentedTest, TheExampleIsTheOneThatIsShown) {
  const auto page =
      formfuzz::ReadFile(FORMFUZZ_ROOT "/docs/validators.md", 1 << 16);
  const auto here = formfuzz::ReadFile(
      FORMFUZZ_ROOT "/tests/framework/validate/documented_test.cc", 1 << 16);
  ASSERT_TRUE(page.ok() && here.ok());
  const size_t from = page->find("```cpp\n") + 7;
  const std::string shown = page->substr(from, page->find("```", from) - from);
  EXPECT_GT(shown.size(), 1000u);
  EXPECT_NE(here->find(shown), std::string::npos);
}

TEST(DocumentedTest, AStockThatIsRightPasses) {
  loses_when_full = false;
  EXPECT_TRUE(Play("scenario stock strategy one\n"
                   "1 put 60\n2 look\n3 put 60\n4 take 30\n5 take 70\n")
                  .passed());
  EXPECT_TRUE(Play("scenario stock strategy race\n"
                   "1 put 60\n2 @1 put 60\n3 @2 take 30\n")
                  .passed());
}

TEST(DocumentedTest, AStockThatLosesItemsIsFound) {
  loses_when_full = true;
  const formfuzz::Verdict verdict =
      Play("scenario stock strategy one\n1 put 60\n2 put 60\n");
  loses_when_full = false;
  EXPECT_EQ(verdict.kind, formfuzz::VerdictKind::kViolated);
  EXPECT_EQ(verdict.validator, "RefusedStepsChangeNothing");
}

}  // namespace
